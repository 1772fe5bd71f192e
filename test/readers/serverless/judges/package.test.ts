import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProjectDefinition } from "../../../../src/definition/written.ts";
import { loadDefinition } from "../../../../src/emulator/load-project.ts";
import { apiIdOf } from "../../../../src/emulator/local-ids.ts";
import { loadModule } from "../../../../src/readers/config/config-module.ts";
import { apart } from "../../../../src/readers/config/separate-process.ts";
import type { LoadedDefinition } from "../../../../src/readers/loaded-definition.ts";
import { temporaryDirectory } from "../../../temporary-directory.ts";
import { SERVICES, type ServiceFixture } from "../services.ts";
import { programOf } from "./installed.ts";

const run = promisify(execFile);
const [osls, serverless3] = [programOf("osls"), programOf("serverless")];
const PACKAGED = ".serverless/cloudformation-template-update-stack.json";

const optionsOf = (given: ServiceFixture["given"] = {}) =>
  Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);

/** What Serverless sees of the environment: no credentials. */
const environment = (home: string) => ({
  PATH: process.env.PATH,
  HOME: home,
  SLS_TELEMETRY_DISABLED: "1",
  SLS_NOTIFICATIONS_MODE: "off",
});

/** Packages services, each in its own directory; returns what was said. */
async function packageAll(
  services: readonly { readonly root: string; readonly options: readonly string[] }[],
) {
  const script = fileURLToPath(new URL("package-all.cjs", import.meta.url));
  const directory = join(osls ?? "", "../..");
  const env = environment(services[0]?.root ?? "");
  const { stdout, stderr } = await run(
    process.execPath,
    [script, directory, JSON.stringify(services)],
    { env },
  );
  return stdout + stderr;
}

/** What has to be the same: of functions all but where their code lies, and what their roles allow besides. */
function compared({ definition, source, root }: LoadedDefinition) {
  const { name, region, apis, functions, tables } = definition as ProjectDefinition;
  const idsOfApis = Object.values(apis).map((api) => apiIdOf(root, api.name ?? ""));
  const ofFunctions = Object.entries(functions).flatMap(([key, fn]) => {
    const { root: _, permissions: __, layers = [], build: ___, ...same } = fn;
    const text = JSON.stringify({ ...same, layers: layers.length });
    const [withoutIds] = idsOfApis.map((id) => text.replaceAll(id, "API-ID"));
    // Serverless has functions of its own, which set up an account
    return key.startsWith("CustomDash") ? [] : [[key, JSON.parse(withoutIds ?? text)] as const];
  });
  return {
    name,
    region,
    apis,
    functions: Object.fromEntries(ofFunctions),
    tables,
    triggers: [...source.triggers].map((each) => JSON.stringify(each)).sort(),
    httpApis: source.httpApis.map(({ routes = [], ...api }) => ({
      ...api,
      functions: [...api.functions].sort(),
      routes: routes.map(({ route, function: fn }) => `${route} ${fn}`).sort(),
    })),
  };
}

const fixtures = fileURLToPath(new URL("../../../../fixtures/projects", import.meta.url));
const FIXTURES = ["quiz-night", "auction", "parcel-track"];
const fileIn = (name: string) => (name === "parcel-track" ? "serverless.yaml" : "serverless.yml");

/** Without the plugins, which are not installed here, and without what Serverless asks an account about. */
function copyInto(directory: string, name: string): string {
  const root = join(directory, name);
  cpSync(join(fixtures, name), root, { recursive: true });
  const file = join(root, fileIn(name));
  if (!existsSync(file)) return root;
  const without = (of: string, what: RegExp) =>
    writeFileSync(of, readFileSync(of, "utf8").replace(what, ""));
  without(file, /^plugins:\n(?: {2}- .*\n)+/m);
  without(file, /^layers:\n(?: {2}.*\n)+/m);
  without(file, /^ {2}vpc:\n(?: {4}.*\n)+/m);
  const bids = join(root, "functions/bids.yml");
  if (existsSync(bids)) without(bids, /^ {2}layers:\n(?: {4}.*\n)+/gm);
  return root;
}

/** What the script of a service exports, without its plugins. */
async function asJson(root: string, stateDir: string): Promise<string> {
  const file = join(root, "serverless.ts");
  const { definition } = await apart(process.env, { cwd: root }, (evaluate) =>
    loadModule(file, evaluate, stateDir),
  );
  return JSON.stringify({ ...Object(definition), plugins: undefined, frameworkVersion: undefined });
}

function read(root: string, template: string, given: ServiceFixture["given"] = {}) {
  return loadDefinition({ cwd: root, template, stateDir: temporaryDirectory(), parameters: given });
}

const fileOf = ({ files }: ServiceFixture) =>
  Object.keys(files).find((name) => name.startsWith("serverless.")) ?? "";

/** Compares what wsgw reads of a service with what was packaged of it. */
async function agrees(root: string, file: string, given?: ServiceFixture["given"]) {
  const own = await read(root, file, given);
  const theirs = await read(root, PACKAGED);
  expect(compared(own)).toEqual(compared(theirs));
}

const WITH_PLUGIN = `service: chat
provider:
  name: aws
  runtime: nodejs20.x
  environment:
    MOOD: \${moods:calm}
plugins: [./plugin.js]
package: { patterns: ["!node_modules/**"] }
functions:
  door:
    handler: app.handler
    events:
      - websocket: $connect
`;

const PLUGIN = `module.exports = class {
  constructor() {
    const resolve = async ({ address }) => ({ value: address + " of a plugin" });
    this.configurationVariablesSources = { moods: { resolve } };
    this.hooks = {};
  }
};`;

describe.skipIf(osls === undefined)("osls package", () => {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "wsgw-osls-")));
  const roots = new Map(SERVICES.map(({ name }, at) => [name, join(directory, String(at))]));
  let said = "";

  beforeAll(async () => {
    for (const { name, files } of SERVICES) {
      for (const [file, text] of Object.entries(files)) {
        const path = join(roots.get(name) ?? "", file);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
      }
    }
    for (const name of FIXTURES) roots.set(name, copyInto(directory, name));
    const standup = copyInto(directory, "standup");
    roots.set("standup", standup);
    const json = await asJson(standup, join(directory, "state"));
    rmSync(join(standup, "serverless.ts"));
    writeFileSync(join(standup, "serverless.json"), json);
    const given = new Map(SERVICES.map((service) => [service.name, service.given]));
    said = await packageAll(
      [...roots].map(([name, root]) => ({ root, options: optionsOf(given.get(name)) })),
    );
  }, 300_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const rootOf = (name: string): string => {
    const root = roots.get(name) ?? "";
    expect(existsSync(join(root, PACKAGED)), said).toBe(true);
    return root;
  };

  test.each(SERVICES)("agrees with wsgw: $name", async (service) => {
    await agrees(rootOf(service.name), fileOf(service), service.given);
  });

  test.each(FIXTURES)("agrees with wsgw: %s", async (name) => {
    await agrees(rootOf(name), fileIn(name));
  });

  test("packages for wsgw what it cannot read by itself, and writes nothing next to the service", async () => {
    const root = temporaryDirectory();
    const write = (name: string, text: string) => writeFileSync(join(root, name), text);
    write("serverless.yml", WITH_PLUGIN);
    write("plugin.js", PLUGIN);
    write("app.js", "exports.handler = async () => ({ statusCode: 200 });");
    symlinkSync(join(osls ?? "", "../../.."), join(root, "node_modules"), "junction");
    const before = readdirSync(root);

    const { definition, source } = await read(root, "serverless.yml");

    const fn = (definition as ProjectDefinition).functions?.DoorLambdaFunction;
    expect(fn?.environment).toMatchObject({ MOOD: "calm of a plugin" });
    expect(source.remarks[0]).toBe(
      "osls package read serverless.yml, which wsgw cannot read itself.",
    );
    expect(readdirSync(root)).toEqual(before);
  });

  // osls loads scripts in TypeScript only with a loader of the project's own.
  test("agrees with wsgw: standup, as the JSON of its script", async () => {
    await agrees(rootOf("standup"), "serverless.json");
    const own = await read(copyInto(temporaryDirectory(), "standup"), "serverless.ts");
    expect(compared(await read(rootOf("standup"), "serverless.json"))).toEqual(compared(own));
  });
});

describe.skipIf(serverless3 === undefined)("serverless package, version 3", () => {
  test.each(["quiz-night", "auction"])("agrees with wsgw: %s", async (name) => {
    const root = copyInto(temporaryDirectory(), name);
    await run(process.execPath, [serverless3 ?? "", "package"], {
      cwd: root,
      env: environment(root),
    }).catch(({ stdout, stderr }) => expect.fail(`${stdout}${stderr}`));
    await agrees(root, fileIn(name));
  });
});
