import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openClient } from "../../../src/client/client.ts";
import { type DevSession, startDev } from "../../../src/emulator/dev.ts";
import type { Entry, Fact } from "../../../src/emulator/facts.ts";
import {
  type LoadOptions,
  loadDefinition,
  loadProject,
} from "../../../src/emulator/load-project.ts";
import { isAlive } from "../../is-alive.ts";
import { factLines, showWhenFailed } from "../../show-when-failed.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { fakeApp, moodIs } from "./fake-app.ts";

const TEMPLATE = "cdk.json";

async function load(cwd: string, more: Partial<LoadOptions> = {}) {
  const loaded = await loadProject({
    cwd,
    template: TEMPLATE,
    stateDir: temporaryDirectory(),
    ...more,
  });
  return { ...loaded, environment: loaded.project.functions.Ask?.environment };
}

async function start(cwd: string, report: (text: string) => void = () => {}) {
  const stateDir = temporaryDirectory();
  const session = await startDev({ cwd, port: 0, template: TEMPLATE, stateDir, report });
  onTestFinished(() => session.stop());
  showWhenFailed("The facts of its gateway:", () => factLines(session.journal.entries()));
  const opening = await openClient(session.url);
  if (opening.kind === "refused") throw new Error(opening.body);
  const { client } = opening;
  const ask = async () => {
    client.send(JSON.stringify({ action: "ask" }));
    return client.next();
  };
  return { session, stateDir, ask };
}

/** The first fact of a type from now on, when `act` has been done. */
function after<Type extends Fact["type"]>(session: DevSession, type: Type, act: () => void) {
  return new Promise<Extract<Entry, { type: Type }>>((resolve) => {
    const unsubscribe = session.journal.subscribe((entry) => {
      if (entry.type !== type) return;
      unsubscribe();
      resolve(entry as Extract<Entry, { type: Type }>);
    });
    act();
  });
}

test("synthesizes an app without cdk.out, and writes nothing into its directory", async () => {
  const { root } = fakeApp();
  const before = readdirSync(root, { recursive: true });

  const { environment, source } = await load(root);

  expect(environment?.MOOD).toBe("calm");
  expect(source.kind).toBe("cdk");
  expect(source.remarks[0]).toMatch(/^The app was synthesised into .*cdk\.out\.$/);
  expect(readdirSync(root, { recursive: true })).toEqual(before);
});

test("a synthesis has the context of cdk.json and cdk.context.json, and no credentials", {
  tags: ["journey"],
}, async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const { root } = fakeApp({ "cdk.context.json": '{ "zones": ["a", "b"] }' });

  const { environment } = await load(root);

  expect(environment?.KEYS).toBe("none");
  expect(JSON.parse(String(environment?.SYNTH))).toMatchObject({
    colour: "red",
    zones: ["a", "b"],
    "aws:cdk:bundling-stacks": ["**"],
  });
});

test("takes the cdk.out that is there, and says which files have changed since", async () => {
  const { root, path } = fakeApp();
  const stateDir = temporaryDirectory();
  await load(root, { stateDir });
  const manifest = join(stateDir, "cdk.out", "manifest.json");
  utimesSync(manifest, 1_700_000_000, 1_700_000_000);
  writeFileSync(path("lib/mood.mjs"), moodIs("glad"));

  const { environment, source } = await load(root, { stateDir });

  expect(environment?.MOOD).toBe("calm");
  expect(source.remarks[0]).toMatch(/cdk\.out was written \d+ days ago\.$/);
  expect(source.remarks[1]).toMatch(
    /^bin\/app\.mjs and 2 more changed since\. To serve the current app, save that file or run cdk synth\.$/,
  );
});

test("says with the app's last lines why it could not be synthesised", async () => {
  const { root } = fakeApp({ "lib/mood.mjs": 'throw new Error("no mood today");' });

  await expect(load(root)).rejects.toMatchObject({
    code: "CONFIG_UNREADABLE",
    message: expect.stringMatching(
      /^cdk\.json cannot be read: its app \(node bin\/app\.mjs\) exits with code 1\.\n[\s\S]*Error: no mood today/,
    ),
  });
});

test("ends a synthesis that takes too long", { tags: ["journey"] }, async () => {
  const pidFile = join(temporaryDirectory(), "pid");
  const { root } = fakeApp({
    "lib/mood.mjs": moodIs("calm", `export const wait = ${JSON.stringify(pidFile)};`),
  });

  await expect(load(root, { limits: { limitMs: 3_000 } })).rejects.toThrow(
    "does not end within 3 s",
  );

  await expect.poll(() => isAlive(Number(readFileSync(pidFile, "utf8")))).toBe(false);
});

test("an app that several start at once is synthesised by one of them", {
  tags: ["journey"],
}, async () => {
  const counted = join(temporaryDirectory(), "runs");
  const { root } = fakeApp({
    "lib/mood.mjs": `import { appendFileSync } from "node:fs";
appendFileSync(${JSON.stringify(counted)}, "run ");
${moodIs("calm")}`,
  });
  const stateDir = temporaryDirectory();

  const all = await Promise.all([1, 2, 3].map(() => load(root, { stateDir })));

  expect(all.map(({ environment }) => environment?.MOOD)).toEqual(["calm", "calm", "calm"]);
  expect(readFileSync(counted, "utf8")).toBe("run ");
});

test("a synthesis that ended with its process does not keep others waiting", {
  tags: ["journey"],
}, async () => {
  const { root } = fakeApp();
  const stateDir = temporaryDirectory();
  const { pid } = spawnSync(process.execPath, ["--version"]);
  writeFileSync(join(stateDir, "cdk.out.lock"), String(pid));

  expect((await load(root, { stateDir })).environment?.MOOD).toBe("calm");
});

test("serves an app that needs look-ups, and says which", async () => {
  const { root } = fakeApp({
    "lib/mood.mjs": moodIs("calm", 'export const missing = ["vpc-provider:x"];'),
  });

  const { environment, source } = await load(root);

  expect(environment?.MOOD).toBe("calm");
  expect(source.remarks).toContainEqual(
    expect.stringContaining("The app needs lookups in an account: vpc-provider:x."),
  );
});

test("a saved app is synthesised and served, and the old one answers until then", async () => {
  const { root, path } = fakeApp();
  const { session, ask } = await start(root);
  const gate = join(temporaryDirectory(), "gate");
  expect(await ask()).toBe("calm");

  const changed = after(session, "project.changed", () =>
    writeFileSync(
      path("lib/mood.mjs"),
      moodIs("glad", `export const wait = ${JSON.stringify(gate)};`),
    ),
  );
  await expect.poll(() => existsSync(gate)).toBe(true);
  expect(await ask()).toBe("calm");
  rmSync(gate);

  expect(await changed).toMatchObject({ file: "lib/mood.mjs" });
  expect(await ask()).toBe("glad");
});

test("says again when a save has the app synthesised", { tags: ["journey"] }, async () => {
  const { root, path } = fakeApp();
  const reports: string[] = [];
  const { session } = await start(root, (text) => reports.push(text));

  await after(session, "project.changed", () =>
    writeFileSync(path("lib/mood.mjs"), moodIs("glad")),
  );

  const said = "Synthesising the app: node bin/app.mjs";
  expect(reports).toEqual([said, said]);
});

test("saves while an app is synthesised are one change", { tags: ["journey"] }, async () => {
  const { root, path } = fakeApp();
  const { session, ask } = await start(root);
  const gate = join(temporaryDirectory(), "gate");
  writeFileSync(
    path("lib/mood.mjs"),
    moodIs("sad", `export const wait = ${JSON.stringify(gate)};`),
  );
  await expect.poll(() => existsSync(gate)).toBe(true);

  await after(session, "project.changed", () =>
    writeFileSync(path("lib/mood.mjs"), moodIs("glad")),
  );

  expect(await ask()).toBe("glad");
  expect(session.journal.entries().some(({ type }) => type === "project.broken")).toBe(false);
});

test("a broken app is reported, and the old one answers until it is corrected", {
  tags: ["journey"],
}, async () => {
  const { root, path } = fakeApp();
  const { session, ask } = await start(root);

  const broken = await after(session, "project.broken", () =>
    writeFileSync(path("lib/mood.mjs"), "export const mood = ;"),
  );
  expect(broken.message).toContain("SyntaxError");
  expect(await ask()).toBe("calm");
  await after(session, "project.changed", () =>
    writeFileSync(path("lib/mood.mjs"), moodIs("glad")),
  );

  expect(await ask()).toBe("glad");
});

test("an app that comes to need look-ups is served as it was before", {
  tags: ["journey"],
}, async () => {
  const { root, path } = fakeApp();
  const { session, ask } = await start(root);

  const broken = await after(session, "project.broken", () =>
    writeFileSync(path("lib/mood.mjs"), moodIs("glad", 'export const missing = ["ami:x"];')),
  );

  expect(broken.message).toContain("The app needs lookups in an account: ami:x.");
  expect(await ask()).toBe("calm");
});

test("does not follow files that cdk.json excludes from watching", async () => {
  const { root } = fakeApp({
    "cdk.json": '{ "app": "node bin/app.mjs", "watch": { "include": "**", "exclude": ["lib"] } }',
  });

  const options = { cwd: root, template: TEMPLATE, stateDir: temporaryDirectory() };
  const { inputs } = await loadDefinition(options);

  expect(inputs).toContain(join(root, "bin/app.mjs"));
  expect(inputs).not.toContain(join(root, "lib/mood.mjs"));
});

test("a start that is given up ends the synthesis that it waits for, and says what it ran", async () => {
  const pidFile = join(temporaryDirectory(), "pid");
  const { root: cwd } = fakeApp({
    "lib/mood.mjs": moodIs("calm", `export const wait = ${JSON.stringify(pidFile)};`),
  });
  const [giveUp, reports] = [new AbortController(), [] as string[]];
  const started = startDev({
    cwd,
    port: 0,
    template: TEMPLATE,
    stateDir: temporaryDirectory(),
    signal: giveUp.signal,
    report: (text) => reports.push(text),
  });
  const failed = expect(started).rejects.toThrow("was stopped");
  await expect.poll(() => existsSync(pidFile)).toBe(true);
  giveUp.abort();

  await failed;
  expect(isAlive(Number(readFileSync(pidFile, "utf8")))).toBe(false);
  expect(reports).toEqual(["Synthesising the app: node bin/app.mjs"]);
});

test("a synthesis ends with the gateway", { tags: ["journey"] }, async () => {
  const { root, path } = fakeApp();
  const { session } = await start(root);
  const pidFile = join(temporaryDirectory(), "pid");
  writeFileSync(
    path("lib/mood.mjs"),
    moodIs("glad", `export const wait = ${JSON.stringify(pidFile)};`),
  );
  await expect.poll(() => existsSync(pidFile)).toBe(true);
  const pid = Number(readFileSync(pidFile, "utf8"));

  await session.stop();

  expect(isAlive(pid)).toBe(false);
});
