import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { launch } from "../../../src/emulator/lambda/exec-wrapper.ts";
import { makeProject } from "../../bundle/project.ts";
import { plainSpec } from "./plain-spec.ts";

const NAME = "a".repeat(200);
/** More than the 4,096 characters that the system takes as options of a mount. */
const TOO_LONG = [1, 2, 3, 4, 5].map((each) => join(...new Array(5).fill(NAME), String(each)));

const SEES = ["/bin/sh", "-c", "cat /opt/file /opt/$0/file 2>/dev/null; true", "nothing"];

function answers(files: Readonly<Record<string, string>>, layers: readonly string[]) {
  const { root } = makeProject(files);
  const command = launch(
    { ...plainSpec("probe.js"), root, layers: layers.map((layer) => join(root, layer)) },
    SEES,
  );
  const [program = "", ...args] = command;
  return { command, stdout: spawnSync(program, args, { encoding: "utf8" }).stdout };
}

test("each list of layers is tried before functions are led into it", ({ skip }) => {
  const { stdout } = answers({ "layer/file": "seen" }, ["layer"]);
  if (stdout !== "seen") return skip("this system gives no process an /opt of its own");

  const tooLong = answers(
    Object.fromEntries(TOO_LONG.map((layer) => [`${layer}/file`, "unseen"])),
    TOO_LONG,
  );

  expect(tooLong.command).toEqual(SEES);
});

test("a layer that is not there yet is led into /opt once it is", ({ skip }) => {
  const { root, write } = makeProject({ "other/file": "" });
  const start = (...names: string[]) =>
    launch({ ...plainSpec("probe.js"), root, layers: names.map((name) => join(root, name)) }, SEES);
  if (start("other").length === SEES.length)
    return skip("this system gives no process an /opt of its own");

  expect(start("layer")).toEqual(SEES);
  write("layer/file", "");

  expect(start("layer").length).toBeGreaterThan(SEES.length);
});

const NODE = { AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x" };
const WRAPPER = { AWS_LAMBDA_EXEC_WRAPPER: "/var/task/wrap" };

test.each([
  ["names no wrapper", NODE],
  ["has an empty name of one", { ...NODE, AWS_LAMBDA_EXEC_WRAPPER: "" }],
  ["runs on a runtime of the system alone, which knows none", WRAPPER],
])("a function that %s is started by its own command", (_, environment) => {
  expect(launch({ ...plainSpec("probe.js"), environment }, ["node", "a"])).toEqual(["node", "a"]);
});

test.skipIf(process.platform === "win32").each([
  ["is not there", undefined, 127, "does not exist"],
  ["cannot be run", 0o644, 126, "is not an executable"],
  ["can be run", 0o755, 0, "wrapped node a"],
])("a wrapper that %s is answered as Lambda does", (_, mode, status, says) => {
  const { root, write } = makeProject({});
  if (mode !== undefined) chmodSync(write("wrap", '#!/bin/sh\necho "wrapped $@"\n'), mode);
  const spec = { ...plainSpec("probe.js"), root, environment: { ...NODE, ...WRAPPER } };

  const [program = "", ...args] = launch(spec, ["node", "a"]);

  const ran = spawnSync(program, args, { encoding: "utf8" });
  expect(ran).toMatchObject({ status, stdout: expect.stringContaining(says) });
});
