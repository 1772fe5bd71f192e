import { expect, test } from "vitest";
import { startBroken } from "../../../src/emulator/lambda/broken-function.ts";
import type { Report } from "../../../src/emulator/lambda/environment-contract.ts";

const error = { errorType: "Runtime.ImportModuleError", errorMessage: "no module", trace: [] };
const event = { awsRequestId: "id", trace: "", event: "{}" };

test("a function that cannot run fails its event in a later turn, and ends", async () => {
  const reports: Report[] = [];
  const environment = startBroken(error, (report) => reports.push(report));

  environment.run(event);
  expect(reports).toEqual([]);
  await Promise.resolve();

  expect(reports).toEqual([{ kind: "failed", error, leaving: true }]);
});

test("a function that cannot run reports nothing once it is stopped", async () => {
  const reports: Report[] = [];
  const environment = startBroken(error, (report) => reports.push(report));

  environment.run(event);
  await environment.stop();
  await Promise.resolve();

  expect(reports).toEqual([]);
});
