import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { localFile, withLocalFiles } from "../../../src/emulator/lambda/lambda-paths.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";

/** A project beside a layer that has one file. */
function place() {
  const root = temporaryDirectory();
  const layer = temporaryDirectory();
  mkdirSync(join(layer, "bin"));
  writeFileSync(join(layer, "bin", "wrapper"), "");
  return { root, layer, layers: [layer] };
}

test("a path on Lambda is one of the project, or of the layer that has it", () => {
  const { root, layer, layers } = place();
  const local = (path: string) => localFile({ root, layers }, path);

  expect(local("/opt/bin/wrapper")).toBe(join(layer, "bin/wrapper"));
  expect(local("/opt/bin/other")).toBe("/opt/bin/other");
  expect(local("/var/task/hook.js")).toBe(join(root, "hook.js"));
  expect(local("hook.js")).toBe(join(root, "hook.js"));
  expect(local("/elsewhere/hook.js")).toBe("/elsewhere/hook.js");
});

test.each(["NODE_OPTIONS", "NODE_PATH", "PYTHONPATH"])(
  "the paths in %s are those of this machine, and those in other variables stay",
  (name) => {
    const { root, layer, layers } = place();
    const value = `--require=/var/task/a.js "/opt/bin/wrapper":/var/task/b --x /not/opt/bin/wrapper`;

    expect(withLocalFiles({ root, layers }, { [name]: value, OTHER: value })).toEqual({
      [name]: `--require=${root}/a.js "${layer}/bin/wrapper":${root}/b --x /not/opt/bin/wrapper`,
      OTHER: value,
    });
  },
);
