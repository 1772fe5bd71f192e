import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createBundler } from "../../src/bundle/bundler.ts";
import { findHandlers } from "../../src/bundle/locate-handlers.ts";
import { SoundFiles } from "../../src/bundle/sound-files.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const LATER = Date.parse("2100-01-01T00:00:00Z");

function makeFile() {
  const stateDir = temporaryDirectory();
  const file = join(temporaryDirectory(), "handler.mjs");
  writeFileSync(file, "export const a = 1;");
  return { stateDir, file };
}

test("a file is sound at the next start too, until it changes", () => {
  const { stateDir, file } = makeFile();
  expect(new SoundFiles(stateDir).has(file)).toBe(false);

  new SoundFiles(stateDir).keep([file], LATER);
  expect(new SoundFiles(stateDir).has(file)).toBe(true);

  writeFileSync(file, "export const = 1;");
  expect(new SoundFiles(stateDir).has(file)).toBe(false);
});

test("files that another gateway of the project has checked stay sound, without those that have changed", () => {
  const { stateDir, file } = makeFile();
  const { file: changed } = makeFile();
  const { file: other } = makeFile();
  new SoundFiles(stateDir).keep([file, changed], LATER);
  writeFileSync(changed, "export const = 1;");

  new SoundFiles(stateDir).keep([other], LATER);

  const sound = new SoundFiles(stateDir);
  expect([file, changed, other].map((each) => sound.has(each))).toEqual([true, false, true]);
});

test("two gateways that run at once keep what each has checked", () => {
  const { stateDir, file } = makeFile();
  const { file: other } = makeFile();
  const [one, two] = [new SoundFiles(stateDir), new SoundFiles(stateDir)];
  expect([one, two].map((each) => each.has(file))).toEqual([false, false]);

  one.keep([file], LATER);
  two.keep([other], LATER);

  const sound = new SoundFiles(stateDir);
  expect([file, other].map((each) => sound.has(each))).toEqual([true, true]);
});

test("a copied file of the same size and age is checked again", () => {
  const { stateDir, file } = makeFile();
  const then = new Date("2026-03-01T00:00:00Z");
  utimesSync(file, then, then);
  new SoundFiles(stateDir).keep([file], LATER);

  writeFileSync(file, "export cons t = 1;\n");
  utimesSync(file, then, then);

  expect(new SoundFiles(stateDir).has(file)).toBe(false);
});

test("a file that is saved during its check is checked again", () => {
  const { stateDir, file } = makeFile();

  new SoundFiles(stateDir).keep([file], 0);

  expect(new SoundFiles(stateDir).has(file)).toBe(false);
});

test("records of another version, records that cannot be read and directories that cannot be written are ignored", () => {
  const { stateDir, file } = makeFile();
  new SoundFiles(stateDir).keep([file], LATER);
  const path = join(stateDir, "build", "sound-files.json");
  for (const text of ["{", "null", '{"version":1}', '{"version":0,"files":{}}']) {
    writeFileSync(path, text);
    expect(new SoundFiles(stateDir).has(file)).toBe(false);
  }

  expect(() => new SoundFiles(join(file, "state")).keep([file], LATER)).not.toThrow();
});

test("a mistake that is saved between two starts is found at the second", async () => {
  const root = temporaryDirectory();
  mkdirSync(join(root, "lib"));
  writeFileSync(join(root, "package.json"), '{"type":"module"}');
  writeFileSync(join(root, "a.js"), "import './lib/b.js';\nexport const handler = () => 1;");
  writeFileSync(join(root, "lib/b.js"), "export const b = 1;");
  const build = async () => {
    const bundler = createBundler({ root, purpose: "child-process" });
    onTestFinished(() => bundler.stop());
    const { handlers } = findHandlers(root, [{ name: "a", handler: "a.handler" }]);
    return (await bundler.build(handlers)).kind;
  };
  expect([await build(), await build()]).toEqual(["built", "built"]);

  writeFileSync(join(root, "lib/b.js"), "export const = 1;;");
  expect(await build()).toBe("failed");

  writeFileSync(join(root, "lib/b.js"), "export const b = 2;");
  expect(await build()).toBe("built");
});
