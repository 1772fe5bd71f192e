import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { descriptionOf } from "../../../../src/describe/describe.ts";
import { type DevSession, startDev } from "../../../../src/emulator/dev.ts";
import { loadProject } from "../../../../src/emulator/load-project.ts";
import { temporaryDirectory } from "../../../temporary-directory.ts";
import { packagesOfCdk } from "./installed.ts";

const projects = fileURLToPath(new URL("../../../../fixtures/projects", import.meta.url));
const APPS = ["pub-quiz", "auction-house", "whiteboard", "help-line/infra"];

const packages = packagesOfCdk();

/** An app as its users have it, with its packages installed. */
function checkedOut(app: string): string {
  const [name = "", ...below] = app.split("/");
  const root = join(temporaryDirectory(), name);
  cpSync(join(projects, name), root, { recursive: true });
  if (packages !== undefined) symlinkSync(packages, join(root, "node_modules"), "junction");
  return join(root, ...below);
}

/** What wsgw makes of an app, without the places of its assembly. */
async function understood(cwd: string) {
  const { project, source } = await loadProject({
    cwd,
    template: "cdk.json",
    stateDir: temporaryDirectory(),
  });
  const description = JSON.stringify(descriptionOf(project, source), undefined, 1);
  const withoutPlaces = description
    .replaceAll(/"[^"]*(asset\.[0-9a-f]{64})/g, '"$1')
    .replaceAll(/[^" ]*cdk\.out\/([^":]*):\d+:\d+/g, "$1");
  return JSON.parse(withoutPlaces);
}

/** What `cdk synth` writes for an app: hashes of assets are names of their keys. */
function assetsBy(cdk: string, cwd: string): readonly string[] {
  const output = temporaryDirectory();
  const args = [cdk, "synth", "--quiet", "--output", output, "--no-notices"];
  const env = { ...process.env, CDK_DISABLE_CLI_TELEMETRY: "true" };
  execFileSync(process.execPath, args, { cwd, env, stdio: "pipe" });
  const files = readdirSync(output, { recursive: true, encoding: "utf8" });
  return files.filter((file) => /asset\.[0-9a-f]{64}[^/\\]*$/.test(file)).sort();
}

/** Resolves with the file of the next change of the project that is served. */
function changed(session: DevSession): Promise<string> {
  return new Promise((resolve) => {
    session.journal.subscribe((entry) => {
      if (entry.type === "project.changed") resolve(entry.file);
    });
  });
}

for (const app of APPS) {
  test.skipIf(packages === undefined)(`${app}: a synthesis means what cdk.out says`, async () => {
    const cwd = checkedOut(app);
    const committed = await understood(cwd);
    rmSync(join(cwd, "cdk.out"), { recursive: true });

    expect(await understood(cwd)).toEqual(committed);
  });
}

test.skipIf(packages === undefined)(
  "auction-house: cdk synth has the same assets before and after wsgw dev",
  async () => {
    const cwd = checkedOut("auction-house");
    const cdk = join(dirname(cwd), "auction-house/node_modules/aws-cdk/bin/cdk");
    const before = assetsBy(cdk, cwd);
    const session = await startDev({ cwd, port: 0, stateDir: temporaryDirectory() });
    await session.stop();

    expect(before).not.toEqual([]);
    expect(assetsBy(cdk, cwd)).toEqual(before);
  },
);

test.skipIf(packages === undefined)(
  "pub-quiz: a saved stack is live after one synthesis",
  async () => {
    const cwd = checkedOut("pub-quiz");
    const syntheses = join(temporaryDirectory(), "syntheses");
    const file = join(cwd, "cdk.json");
    const settings = JSON.parse(readFileSync(file, "utf8"));
    const app = `echo one >> ${syntheses} && ${settings.app}`;
    writeFileSync(file, JSON.stringify({ ...settings, app }));
    const session = await startDev({
      cwd,
      port: 0,
      template: "cdk.json",
      stateDir: temporaryDirectory(),
    });
    onTestFinished(() => session.stop());
    const stack = join(cwd, "lib/quiz-stack.ts");
    const text = readFileSync(stack, "utf8");
    const live = changed(session);
    rmSync(syntheses, { force: true });

    writeFileSync(stack, text.replace("memorySize: 256", "memorySize: 257"));

    expect(await live).toBe("lib/quiz-stack.ts");
    expect(session.project.functions.AnswerC178DB39?.memory).toBe(257);
    expect(readFileSync(syntheses, "utf8")).toBe("one\n");
  },
  180_000,
);
