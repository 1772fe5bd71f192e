import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { markUsed, sweepUnused } from "../../src/bundle/build-sweep.ts";
import { startGateway } from "../../src/testing/index.ts";
import { project } from "../readers/projects.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const HOUR_MS = 3_600_000;

function fileOfAge(directory: string, name: string, hours: number): string {
  const file = join(directory, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
  const then = new Date(Date.now() - hours * HOUR_MS);
  utimesSync(file, then, then);
  return file;
}

test("deletes files unused for a day, and directories that become empty", () => {
  const directory = temporaryDirectory();
  const old = fileOfAge(directory, "src/old/app.1.js", 25);
  const young = fileOfAge(directory, "src/app.2.js", 23);
  const used = fileOfAge(directory, "app.3.js", 25);
  markUsed([used]);

  sweepUnused(directory);

  expect([old, dirname(old), young, used].map((file) => existsSync(file))).toEqual([
    false,
    false,
    true,
    true,
  ]);
  sweepUnused(join(directory, "nowhere"));
});

test("a gateway of a test sweeps what earlier builds have left, and not what it runs", async () => {
  const { root } = project({
    "app.js": "exports.handler = async () => ({ statusCode: 200 });",
    "package.json": "{}",
  });
  const left = fileOfAge(join(root, ".wsgw/build/in-process"), "app.0123456789abcdef.js", 25);
  const start = () =>
    startGateway(
      {
        name: "swept",
        routeSelectionExpression: "$request.body.action",
        stage: { name: "dev" },
        functions: { all: { handler: "app.handler" } },
        routes: { $connect: { function: "all" } },
      },
      { root },
    );

  for (let run = 0; run < 2; run += 1) {
    const gateway = await start();
    await gateway.connect();
    await gateway.stop();
  }

  expect(existsSync(left)).toBe(false);
});
