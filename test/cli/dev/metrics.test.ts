import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Chalk } from "chalk";
import { expect, onTestFinished, test } from "vitest";
import { banner } from "../../../cli/dev/banner.ts";
import { startDev } from "../../../src/emulator/dev.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";

const DEFINITION = JSON.stringify({
  name: "counted",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { echo: { handler: "echo.handler" } },
  routes: { $default: { function: "echo" } },
});
const FILES = { "wsgw.config.json": DEFINITION, "echo.js": "exports.handler = async () => ({});" };

async function started(metrics: boolean) {
  const cwd = temporaryDirectory();
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(cwd, name), content);
  const session = await startDev({ cwd, port: 0, metrics });
  onTestFinished(() => session.stop());
  return { session, lines: banner(session, "0.0.0", new Chalk({ level: 0 })) };
}

test("the banner of --metrics names the URL that serves the counts", async () => {
  const { session, lines } = await started(true);
  const url = `http://localhost:${session.port}/_wsgw/metrics`;

  expect(lines).toContain(`  Metrics       ${url}`);
  expect(await (await fetch(url)).text()).toContain("apigateway_connect_count_total");
});

test("without --metrics the banner has no URL of metrics, and nothing is served there", async () => {
  const { session, lines } = await started(false);

  expect(session.metricsUrl).toBeUndefined();
  expect(lines.join("\n")).not.toContain("Metrics");
  expect((await fetch(`http://localhost:${session.port}/_wsgw/metrics`)).status).toBe(403);
});
