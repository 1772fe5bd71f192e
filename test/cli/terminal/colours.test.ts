import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { coloursFor } from "../../../cli/terminal/colours.ts";
import { fakeIo } from "../fake-io.ts";

const terminal = Object.assign(new PassThrough(), { isTTY: true });
const pipe = new PassThrough();

test.each([
  ["a terminal", terminal, {}, undefined, true],
  ["a pipe", pipe, {}, undefined, false],
  ["a terminal with NO_COLOR", terminal, { NO_COLOR: "1" }, undefined, false],
  ["a terminal with an empty NO_COLOR", terminal, { NO_COLOR: "" }, undefined, true],
  ["a terminal that can do little", terminal, { TERM: "dumb" }, undefined, false],
  ["a terminal with --no-color", terminal, { FORCE_COLOR: "1" }, false, false],
  ["a pipe with --color", pipe, { NO_COLOR: "1" }, true, true],
  ["a pipe with FORCE_COLOR", pipe, { FORCE_COLOR: "1" }, undefined, true],
  ["a terminal with FORCE_COLOR=0", terminal, { FORCE_COLOR: "0" }, undefined, false],
])("colours on %s", (_, screen, env, wanted, coloured) => {
  const paint = coloursFor(screen, fakeIo({ env, stdout: screen }), wanted);

  expect(paint.level > 0).toBe(coloured);
});
