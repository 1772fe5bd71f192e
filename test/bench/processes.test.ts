import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

const PROCESSES = new URL("../../bench/processes.mjs", import.meta.url).href;

/** Starts, in a bench of its own, a process that never ends and shares the bench's output. */
const BENCH = `
  import { startNode } from ${JSON.stringify(PROCESSES)};
  const child = startNode(["-e", "console.log('up'); setInterval(() => {}, 60_000)"], {
    stdio: ["ignore", "inherit", "inherit"],
  });
`;

test.each(["SIGTERM", "SIGKILL"] as const)(
  "what the bench started ends when %s ends the bench",
  async (signal) => {
    const bench = spawn(process.execPath, ["--input-type=module", "-e", BENCH]);
    await once(bench.stdout, "data");

    bench.kill(signal);

    // The output closes only when the last process that holds it is gone.
    const [code, by] = await once(bench, "close");
    expect([code, by]).toEqual([null, signal]);
  },
);
