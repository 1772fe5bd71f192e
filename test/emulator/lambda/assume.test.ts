import { beforeAll, expect, onTestFinished, test } from "vitest";
import { createChildProcesses } from "../../../src/emulator/lambda/child-process/child-process.ts";
import type { Report } from "../../../src/emulator/lambda/environment-contract.ts";
import { buildLambdaChild, specOf } from "../../contracts/lambda-setup.ts";
import { project } from "../../readers/projects.ts";

beforeAll(buildLambdaChild);

/** Loads the SDK, and tells its log stream and whether a client of the SDK was used before it. */
const HANDLER = (word: string) => `
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
console.log("loaded ${word}");
export const handler = async () => [
  "${word}",
  process.env.AWS_LAMBDA_LOG_STREAM_NAME,
  typeof DynamoDBClient,
];
`;

test("a prewarmed process runs the code that it is given later, and has loaded none before", async () => {
  const { root } = project({ "one.mjs": HANDLER("one"), "two.mjs": HANDLER("two") });
  const one = await specOf({ handler: "one.handler", root });
  const two = await specOf({ handler: "two.handler", root });
  const heard: Report[] = [];
  let answered = (_: Report) => {};
  const answer = new Promise<Report>((resolve) => {
    answered = resolve;
  });
  const child = createChildProcesses().start({ ...one, isPrewarmed: true }, (report) => {
    heard.push(report);
    if (report.kind === "returned" || report.kind === "failed") answered(report);
  });
  onTestFinished(() => child.stop());

  child.assume({
    ...two,
    environment: { ...two.environment, AWS_LAMBDA_LOG_STREAM_NAME: "stream-of-two" },
  });
  child.run({ awsRequestId: "request", trace: "Root=1", event: "{}" });

  expect(await answer).toMatchObject({ payload: '["two","stream-of-two","function"]' });
  const logged = heard.flatMap((report) => (report.kind === "logged" ? [report.text] : []));
  expect(logged).toEqual(["loaded two"]);
  expect(heard.filter(({ kind }) => kind === "stopped")).toEqual([]);
});
