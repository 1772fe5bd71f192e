import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LogLine, readLogs, stackStatus } from "../../../src/index.ts";
import { deployWith, quickTiming, testRun } from "../runs.ts";
import { smallStack } from "../small-stack.ts";
import { type Moto, START_MS, skipped, startMoto } from "./moto.ts";

describe.skipIf(skipped)("on moto", () => {
  let moto: Moto;
  let write: (at: number, message: string) => Promise<void>;
  const place = () => ({ cwd: "/", env: {}, endpointUrl: moto.url });
  beforeAll(async () => {
    moto = await startMoto();
    await deployWith(await testRun(moto.url), { prepare: async () => smallStack() });
    const resources = await stackStatus({ ...place(), stackName: "chat" });
    const talk = resources?.resources.find(({ logicalId }) => logicalId === "Talk");
    const target = { logGroupName: `/aws/lambda/${talk?.physicalId}`, logStreamName: "s" };
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const client = new CloudWatchLogsClient({
      ...{ endpoint: moto.url, region: "us-east-1", credentials },
    });
    await client.send(new CreateLogGroupCommand(target));
    await client.send(new CreateLogStreamCommand(target));
    write = async (timestamp, message) => {
      await client.send(
        new PutLogEventsCommand({ ...target, logEvents: [{ timestamp, message }] }),
      );
    };
  }, START_MS);
  afterAll(() => moto?.stop());

  test("follows what functions log, each line once, until it is told to stop", async () => {
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
      ...{ stackName: "chat", functionName: "Talk" },
      ...{ follow: true, signal: abort.signal, timing, onLine: (line) => lines.push(line) },
    });

    expect(lines.map(({ function: name, message }) => [name, message])).toEqual([
      ["Talk", "first"],
      ["Talk", "second"],
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
      message: 'The stack chat has no function "nope"; its functions: Talk.',
    });
  });
});
