// @ts-check
// How long a person waits: for the first echo after the start, and for the help.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLoad } from "../load-process.mjs";
import { inTurn, versusFloor, withLoad, wrongAnswers } from "./measure.mjs";

/**
 * @typedef {import("./measure.mjs").Bench} Bench
 * @typedef {import("./measure.mjs").Load} Load
 * @typedef {import("./measure.mjs").Measure} Measure
 * @typedef {import("../servers.mjs").App} App
 */

/** @type {Measure} */
export const coldStart = {
  name: "cold-start",
  run: (bench) => firstEchoes(bench, "cold-start", "cold start to first echo, with table"),
};

/**
 * The same with a definition and handlers in TypeScript; the floor builds them with one esbuild run. @type
 * {Measure}
 */
export const coldStartTypeScript = {
  name: "cold-start-typescript",
  run: (bench) => firstEchoes(bench, "cold-start-typescript", "cold start, all in TypeScript"),
};

/** @param {Bench} bench @param {App} app @param {string} name */
function firstEchoes(bench, app, name) {
  return withLoad(startLoad(), async (load) => {
    const names = bench.sides.map((side) => side.name);
    /** @param {string} sideName */
    const round = (sideName) => firstEcho(bench, load, app, sideName);

    await inTurn(names, 1, round); // creates the certificate authority, fills the file cache
    const series = await inTurn(names, bench.rounds(6), round);
    const failures = wrongAnswers(series);
    const row = { name, unit: "ms", target: { atMost: 1.25 }, failures };
    return [versusFloor(row, series, ({ ms }) => ms)];
  });
}

/** @param {Bench} bench @param {Load} load @param {App} app @param {string} name */
async function firstEcho(bench, load, app, name) {
  const side = bench.sides.find((candidate) => candidate.name === name);
  if (side === undefined) throw new Error(`There is no "${name}".`);
  const server = await side.start(app);
  try {
    const { wrong } = await load.run({ kind: "first-echo", url: server.url });
    return { ms: performance.now() - server.startedAt, wrong };
  } finally {
    bench.noteServer(side, server);
    await server.stop();
  }
}

/** @type {Measure} */
export const help = {
  name: "help",
  async run({ cli, rounds }) {
    const commands = new Map([["node -e 0", ["-e", "0"]]]);
    if (cli !== undefined) commands.set("product", [cli, "--help"]);
    const names = [...commands.keys()].reverse();
    /** @param {string} name */
    const round = async (name) => runToItsEnd(commands.get(name) ?? []);

    await inTurn(names, 2, round);
    const series = await inTurn(names, rounds(15), round);
    const product = series.get("product");
    const row = { name: "wsgw --help", unit: "ms", baseName: "node -e 0", target: { atMost: 1.8 } };
    return [{ ...row, ...(product && { product }), base: series.get("node -e 0") ?? [] }];
  },
};

/**
 * A large template next to a config file with one function, which runs in its own process. @type {Measure}
 */
export const template = {
  name: "template",
  async run({ cli, rounds }) {
    if (cli === undefined) return [];
    const directory = mkdtempSync(join(tmpdir(), "wsgw-bench-template-"));
    try {
      writeFileSync(join(directory, "app.mjs"), "export const handler = async () => ({});");
      writeFileSync(join(directory, "template.yaml"), largeTemplate());
      writeFileSync(join(directory, "wsgw.config.mjs"), SMALL_CONFIG);
      const files = new Map([
        ["template", ["--template", join(directory, "template.yaml")]],
        ["config", ["--config", join(directory, "wsgw.config.mjs")]],
      ]);
      /** @param {string} name */
      const round = async (name) =>
        runToItsEnd([cli, "describe", "--format", "json", ...(files.get(name) ?? [])]);
      const names = [...files.keys()];

      await inTurn(names, 1, round);
      const series = await inTurn(names, rounds(9), round);
      const row = { name: "read 300 resources", unit: "ms", baseName: "config file" };
      const [product = [], base = []] = names.map((name) => series.get(name));
      return [{ ...row, product, base, target: { atMost: 1.5 } }];
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

const SMALL_CONFIG = `export default {
  name: "small",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  functions: { app: { handler: "app.handler" } },
  routes: { $default: { function: "app" } },
};`;

/** 300 SAM resources: an API, its stage, and routes with their functions and tables. */
function largeTemplate() {
  const parts = Array.from(
    { length: 74 },
    (_, at) => `
  Table${at}:
    Type: AWS::Serverless::SimpleTable
  Function${at}:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Policies:
        - DynamoDBCrudPolicy: { TableName: !Ref Table${at} }
      Environment:
        Variables: { TABLE: !Ref Table${at}, STAGE: !Ref Stage }
  Integration${at}:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationUri: !Sub arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Function${at}.Arn}/invocations
  Route${at}:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: action${at}
      Target: !Sub integrations/\${Integration${at}}`,
  );
  return `Transform: AWS::Serverless-2016-10-31
Globals:
  Function: { Runtime: nodejs22.x, CodeUri: . }
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: large
      ProtocolType: WEBSOCKET
      RouteSelectionExpression: $request.body.action
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Api, StageName: dev }
  Topic:
    Type: AWS::SNS::Topic
  Queue:
    Type: AWS::SQS::Queue${parts.join("")}
`;
}

/** @param {readonly string[]} args */
function runToItsEnd(args) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    timeout: 20_000,
    encoding: "utf8",
  });
  const ms = performance.now() - start;
  if (status !== 0) throw new Error(`"${args.join(" ")}" ended with ${status}. ${stderr}`);
  return ms;
}
