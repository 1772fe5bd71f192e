import { execFile } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { ProjectDefinition } from "../../../../src/definition/written.ts";
import { apiIdOf } from "../../../../src/emulator/host-table.ts";
import { loadDefinition } from "../../../../src/emulator/load-project.ts";
import { loadModule } from "../../../../src/readers/config/config-module.ts";
import { apart } from "../../../../src/readers/config/evaluate-apart.ts";
import type { LoadedDefinition } from "../../../../src/readers/loaded-definition.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { project } from "../../projects.ts";
import { SERVICES, type ServiceFixture } from "../services.ts";
import { programOf } from "./installed.ts";

const run = promisify(execFile);
const [osls, serverless3] = [programOf("osls"), programOf("serverless")];
const PACKAGED = ".serverless/cloudformation-template-update-stack.json";

/** Packages a service without credentials, in its own folder. */
async function packaged(program: string, root: string, given: ServiceFixture["given"] = {}) {
  const { PATH } = process.env;
  const options = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  const env = { PATH, HOME: root, SLS_TELEMETRY_DISABLED: "1", SLS_NOTIFICATIONS_MODE: "off" };
  await run(process.execPath, [program, "package", ...options], { cwd: root, env }).catch(
    ({ stdout, stderr }) => expect.fail(`${stdout}${stderr}`),
  );
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
const fileIn = (name: string) => (name === "parcel-track" ? "serverless.yaml" : "serverless.yml");

/** Without the plugins, which are not installed here, and without what Serverless asks an account about. */
function copied(name: string): string {
  const root = join(temporaryFolder(), name);
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
async function asJson(root: string): Promise<string> {
  const file = join(root, "serverless.ts");
  const { definition } = await apart(process.env, { cwd: root }, (evaluate) =>
    loadModule(file, evaluate, temporaryFolder()),
  );
  return JSON.stringify({ ...Object(definition), plugins: undefined, frameworkVersion: undefined });
}

function read(root: string, template: string, given: ServiceFixture["given"] = {}) {
  return loadDefinition({ cwd: root, template, stateDir: temporaryFolder(), parameters: given });
}

const fileOf = ({ files }: ServiceFixture) =>
  Object.keys(files).find((name) => name.startsWith("serverless.")) ?? "";

async function agrees(
  program: string,
  root: string,
  file: string,
  given?: ServiceFixture["given"],
) {
  const own = await read(root, file, given);
  const { name, region } = own.definition as ProjectDefinition;
  await packaged(program, root, given);
  const theirs = await loadDefinition({
    cwd: root,
    template: PACKAGED,
    stateDir: temporaryFolder(),
    stackName: name,
    region,
  });
  expect(compared(own)).toEqual(compared(theirs));
}

describe.skipIf(osls === undefined)("osls package", () => {
  test.each(SERVICES)("agrees with wsgw: $name", async (service) => {
    const { root } = project(service.files);
    await agrees(osls ?? "", root, fileOf(service), service.given);
  });

  test.each(["quiz-night", "auction", "parcel-track"])("agrees with wsgw: %s", async (name) => {
    await agrees(osls ?? "", copied(name), fileIn(name));
  });

  // It takes scripts in TypeScript with a loader of the project's own alone.
  test("agrees with wsgw: standup, as the JSON of its script", async () => {
    const root = copied("standup");
    const own = await read(root, "serverless.ts");
    const json = await asJson(root);
    rmSync(join(root, "serverless.ts"));
    writeFileSync(join(root, "serverless.json"), json);
    await agrees(osls ?? "", root, "serverless.json");
    expect(compared(await read(root, "serverless.json"))).toEqual(compared(own));
  });
});

describe.skipIf(serverless3 === undefined)("serverless package, version 3", () => {
  test.each(["quiz-night", "auction", "parcel-track"])("agrees with wsgw: %s", async (name) => {
    await agrees(serverless3 ?? "", copied(name), fileIn(name));
  });
});
