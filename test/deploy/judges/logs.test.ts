import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deploy, readLogs } from "../../../src/app.ts";
import type { LogLine } from "../../../src/deploy/logs.ts";
import { quickTiming } from "../runs.ts";
import { type Moto, START_MS, skipped, startMoto } from "./moto.ts";

const definition = {
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { talk: { handler: "talk.handler" } },
  routes: { $default: { function: "talk" } },
};

describe.skipIf(skipped)("on moto", () => {
  let moto: Moto;
  let root: string;
  let write: (at: number, message: string) => Promise<void>;
  const place = () => ({ cwd: "/", env: {}, endpointUrl: moto.url });
  beforeAll(async () => {
    moto = await startMoto();
    root = mkdtempSync(join(tmpdir(), "wsgw-project-"));
    writeFileSync(join(root, "wsgw.config.json"), JSON.stringify(definition));
    writeFileSync(
      join(root, "talk.mjs"),
      "export const handler = async () => ({ statusCode: 200 });",
    );
    await deploy({
      ...{ ...place(), cwd: root },
      ...{ confirm: async () => true, timing: quickTiming() },
    });
    const { logGroups } = await moto.aws("logs", "describe-log-groups");
    expect(logGroups).toMatchObject([{ logGroupName: "/aws/lambda/chat/talk" }]);
    const target = { logGroupName: logGroups[0].logGroupName, logStreamName: "s" };
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const client = new CloudWatchLogsClient({
      ...{ endpoint: moto.url, region: "us-east-1", credentials },
    });
    await client.send(new CreateLogStreamCommand(target));
    write = async (timestamp, message) => {
      await client.send(
        new PutLogEventsCommand({ ...target, logEvents: [{ timestamp, message }] }),
      );
    };
  }, START_MS);
  afterAll(async () => {
    rmSync(root, { recursive: true, force: true });
    await moto?.stop();
  });

  test("follows the functions' logs, each line once, until it is stopped", async () => {
    const now = Date.now();
    const abort = new AbortController();
    const lines: LogLine[] = [];
    await write(now - 2000, "first");
    let looks = 0;
    const timing = {
      ...quickTiming(),
      now: () => now,
      pause: async () => {
        looks += 1;
        if (looks === 1) await write(now - 1000, "second");
        if (looks === 3) abort.abort();
      },
    };

    await readLogs({
      ...place(),
      ...{ stackName: "chat", functionName: "talk" },
      ...{ follow: true, signal: abort.signal, timing, onLine: (line) => lines.push(line) },
    });

    expect(lines.map(({ function: name, message }) => [name, message])).toEqual([
      ["TalkFunction", "first"],
      ["TalkFunction", "second"],
    ]);
  });

  test("names the functions there are when the one asked for is not", async () => {
    await expect(
      readLogs({
        ...place(),
        ...{ stackName: "chat", functionName: "nope" },
        onLine: () => {},
      }),
    ).rejects.toMatchObject({
      message: 'The stack chat has no function "nope". Its functions: TalkFunction.',
    });
  });
});
