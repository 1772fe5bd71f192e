import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LogLine, readLogs } from "../../src/index.ts";
import { type Moto, skipped, startMoto } from "./moto.ts";
import { deployWith, quickTiming, testRun } from "./runs.ts";
import { smallStack } from "./small-stack.ts";

describe.skipIf(skipped)("on moto", () => {
  let moto: Moto;
  let group: string;
  beforeAll(async () => {
    moto = await startMoto();
    await deployWith(await testRun(moto.url), { prepare: async () => smallStack() });
    const { Functions } = await moto.aws("lambda", "list-functions");
    group = `/aws/lambda/${Functions[0].FunctionName}`;
    await moto.aws("logs", "create-log-group", "--log-group-name", group);
    await moto.aws(
      "logs",
      "create-log-stream",
      "--log-group-name",
      group,
      "--log-stream-name",
      "s",
    );
  });
  afterAll(() => moto?.stop());

  const write = (at: number, message: string) =>
    moto.aws(
      ...["logs", "put-log-events", "--log-group-name", group, "--log-stream-name", "s"],
      ...["--log-events", `timestamp=${at},message=${message}`],
    );

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
      ...{ cwd: "/", env: {}, endpointUrl: moto.url, stackName: "chat", functionName: "Talk" },
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
        ...{ cwd: "/", env: {}, endpointUrl: moto.url, stackName: "chat", functionName: "nope" },
        onLine: () => {},
      }),
    ).rejects.toMatchObject({
      message: 'The stack chat has no function "nope"; its functions: Talk.',
    });
  });
});
