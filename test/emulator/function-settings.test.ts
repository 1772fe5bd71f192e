import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import {
  mintAuthority,
  mintLeaf,
} from "../../src/emulator/network/certificates/mint-certificate.ts";
import { TrustedAuthorities } from "../../src/emulator/trusted-authorities.ts";
import { type ApiDefinition, startGateway } from "../../src/testing/index.ts";
import { makeProject } from "../bundle/project.ts";
import { stopChecked } from "../checked-facts.ts";
import { buildLambdaChild, lacksPython } from "../contracts/lambda-setup.ts";
import { listen } from "../listen.ts";

beforeAll(buildLambdaChild);

const withoutPython = await lacksPython();

type FunctionDefinition = ApiDefinition["functions"][string];
type Runtime = "child-process" | "in-process";

/** Starts the one function of a project, whose every message it answers. */
async function start(root: string, fn: FunctionDefinition, runtime: Runtime = "child-process") {
  const gateway = await startGateway(
    {
      name: "settings",
      routeSelectionExpression: "$request.body.action",
      stage: { name: "dev" },
      functions: { probe: { timeout: 20, ...fn } },
      routes: { $default: { function: "probe", routeResponse: true } },
    },
    { root, runtime, waitMs: 30_000 },
  );
  onTestFinished(() => stopChecked(gateway));
  const client = await gateway.connect();
  return {
    gateway,
    async ask(message = "{}"): Promise<string> {
      client.send(message);
      return client.next();
    },
    warnings: () => gateway.facts("warning").map(({ message }) => message),
  };
}

/** A server of the company's own, whose certificate no one trusts who does not know its authority. */
async function startCorporate() {
  const authority = mintAuthority(Date.now());
  const leaf = mintLeaf(authority, ["localhost"], Date.now());
  const server = createServer({ cert: leaf.certificate, key: leaf.key }, (_, response) =>
    response.end("corporate"),
  );
  return { pem: authority.certificate, url: `https://localhost:${await listen(server)}/` };
}

const FETCH = `
exports.handler = async ({ body, requestContext: { domainName, stage } }) => {
  const read = (url) => fetch(url).then((response) => response.text(), (error) => error.cause.code);
  const own = await read("https://" + domainName + "/" + stage + "/@connections/none");
  return { statusCode: 200, body: await read(body) + " " + own };
};`;

const OWN = expect.stringMatching(/^corporate \{"message": ?"Invalid connectionId: none"/);

test.each([
  ["child-process", "corp.pem"],
  ["child-process", "/var/task/corp.pem"],
  ["in-process", "corp.pem"],
] as const)(
  "a function in %s trusts the authorities that its NODE_EXTRA_CA_CERTS=%s names beside wsgw's",
  async (runtime, file) => {
    const { pem, url } = await startCorporate();
    const { root } = makeProject({ "app.js": FETCH, "corp.pem": pem });
    const environment = { NODE_EXTRA_CA_CERTS: file };

    const { ask, warnings } = await start(root, { handler: "app.handler", environment }, runtime);

    expect(await ask(url)).toEqual(OWN);
    expect(warnings()).toEqual([]);
  },
);

test("a file of authorities that is not there is a warning", async () => {
  const { root } = makeProject({ "app.js": FETCH });
  const environment = { NODE_EXTRA_CA_CERTS: "corp.pem" };

  const { warnings } = await start(root, { handler: "app.handler", environment });

  expect(warnings()).toEqual([
    'Function "probe" sets NODE_EXTRA_CA_CERTS to corp.pem, which is not there: it trusts no more than without it.',
  ]);
});

const OPEN = `
import urllib.error, urllib.request

def read(url):
    try:
        return urllib.request.urlopen(url).read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()

def handler(event, context):
    host = event["requestContext"]["domainName"] + "/" + event["requestContext"]["stage"]
    return {"statusCode": 200, "body": read(event["body"]) + " " + read(f"https://{host}/@connections/none")}
`;

test.skipIf(withoutPython).each(["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])(
  "a function in Python trusts what its %s names beside wsgw's",
  async (variable) => {
    const { pem, url } = await startCorporate();
    const { root } = makeProject({ "app.py": OPEN, "corp.pem": pem });
    const fn = { handler: "app.handler", runtime: "python3.11" } as const;

    const { ask } = await start(root, { ...fn, environment: { [variable]: "corp.pem" } });

    expect(await ask(url)).toEqual(OWN);
  },
);

test("what the shell trusts every function trusts", () => {
  const { root, write } = makeProject({ "own.pem": "the function's own" });
  const authorities = new TrustedAuthorities({
    stateDir: join(root, ".wsgw"),
    caPem: "the gateway's\n",
    caFile: undefined,
    shell: {
      NODE_EXTRA_CA_CERTS: write("node.pem", "the shell's for Node"),
      SSL_CERT_FILE: write("all.pem", "the shell's for all"),
    },
    warn: (message) => expect.unreachable(message),
  });
  const fn = { name: "probe", root, layers: [] };
  const read = (file: string | undefined) => readFileSync(file ?? "", "utf8");

  expect(read(authorities.addedFor({ ...fn, environment: {} }))).toBe(
    "the gateway's\n\nthe shell's for Node\n",
  );
  const environment = { NODE_EXTRA_CA_CERTS: "own.pem" };
  expect(read(authorities.addedFor({ ...fn, environment }))).toBe(
    "the gateway's\n\nthe shell's for Node\nthe function's own\n",
  );
  expect(read(authorities.allFor({ ...fn, environment: {} }))).toMatch(
    /-----END CERTIFICATE-----\nthe gateway's\n\nthe shell's for all$/,
  );
});

const STREAMING = `
exports.handler = async () => ({ statusCode: 200, body: typeof awslambda });
exports.streaming = awslambda.streamifyResponse(async (event, stream, context) => {
  stream.write('{"statusCode":200,');
  stream.end('"body":"streamed by ' + context.functionName + '"}');
});
exports.http = awslambda.streamifyResponse(async (event, stream) => {
  awslambda.HttpResponseStream.from(stream, { statusCode: 200 }).end("a body");
});
exports.late = awslambda.streamifyResponse(async () => { throw new Error("no stream"); });
exports.sync = awslambda.streamifyResponse((event, stream) => stream.end());
`;
const RUNTIMES: Runtime[] = ["child-process", "in-process"];

test.each(
  RUNTIMES.flatMap(
    (runtime) =>
      [
        [runtime, "a plain handler beside a streaming one", "handler", "object"],
        [runtime, "a streaming handler", "streaming", "streamed by probe"],
      ] as const,
  ),
)("in %s %s answers, as Lambda's awslambda is there", async (runtime, _, exported, answer) => {
  const { root } = makeProject({ "app.js": STREAMING });
  const fn = { handler: `app.${exported}`, runtime: "nodejs24.x" } as const;

  const { gateway, ask } = await start(root, fn, runtime);

  expect(await ask()).toBe(answer);
  expect(gateway.facts("function.logged")).toEqual([]);
});

test.each([
  ["http", { kind: "returned", payload: `{"statusCode":200}${"\0".repeat(8)}a body` }],
  ["late", { kind: "failed", errorMessage: "no stream" }],
  ["sync", { kind: "failed", errorMessage: "Streaming does not support non-async handlers." }],
])(
  "a streaming handler (%s) that is invoked for no stream ends as on Lambda",
  async (exported, outcome) => {
    const { root } = makeProject({ "app.js": STREAMING });

    const { gateway } = await start(root, { handler: `app.${exported}` });

    expect(await gateway.invoke("probe", {})).toMatchObject(outcome);
  },
);

test.each(RUNTIMES)("a function in %s can do without awslambda, as on Lambda", async (runtime) => {
  const { root } = makeProject({
    "app.js": "exports.handler = async () => ({ statusCode: 200, body: typeof awslambda });",
  });
  const environment = { AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA: "1" };

  const { ask } = await start(root, { handler: "app.handler", environment }, runtime);

  expect(await ask()).toBe("undefined");
});
