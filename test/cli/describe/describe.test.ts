import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { main } from "../../../cli/main.ts";
import { describeProject, WsgwError } from "../../../src/app.ts";
import { project } from "../../readers/projects.ts";
import { fakeIo } from "../fake-io.ts";

const config = JSON.stringify({
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { all: { handler: "src/all.handler" } },
  routes: { $default: { function: "all" } },
});

async function run(text: string, ...argv: string[]) {
  const { root: cwd } = project({ "wsgw.config.json": text });
  const io = fakeIo({ cwd, app: { describeProject, WsgwError } });
  return { code: await main(["describe", ...argv], io), out: io.out(), err: io.err(), cwd };
}

test.each([
  ["text unless told otherwise", [], /^chat\n\n {2}URL/],
  ["JSON", ["--format", "json"], /^\{\n {2}"name": "chat"/],
  ["Mermaid", ["-f", "mermaid"], /^flowchart LR\n/],
  ["a page", ["-f", "html"], /^<!doctype html>\n/],
])("describes the API of the project as %s", async (_, argv, pattern) => {
  const { code, out } = await run(config, ...argv);

  expect(code).toBe(0);
  expect(out).toMatch(pattern);
});

test("writes a file and says so", async () => {
  const { code, out, cwd } = await run(config, "-f", "html", "-o", "api.html");

  expect([code, out]).toEqual([0, "Wrote api.html.\n"]);
  expect(readFileSync(join(cwd, "api.html"), "utf8")).toContain("<svg");
});

test("a file that cannot be written is the user's mistake", async () => {
  const { code, err, cwd } = await run(config, "-o", "none/api.txt");

  expect(code).toBe(1);
  const file = join(cwd, "none/api.txt");
  expect(err).toContain(`✗ ${file} cannot be written: its directory does not exist (ENOENT).\n`);
  expect(existsSync(join(cwd, "none"))).toBe(false);
});

test("reports an invalid definition with all errors and the file", async () => {
  const { code, err } = await run('{"name":"chat"}');

  expect(code).toBe(1);
  expect(err).toContain("wsgw.config.json: routes: is missing");
  expect(err).toContain("wsgw.config.json: functions: is missing");
});

test("reports an unknown format with the supported ones", async () => {
  const { code, err } = await run(config, "-f", "pdf");

  expect(code).toBe(1);
  expect(err).toContain('--format must be one of text, json, mermaid, html, not "pdf".');
});
