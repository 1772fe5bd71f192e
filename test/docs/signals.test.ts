import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { isAlive } from "../is-alive.ts";

const signals = fileURLToPath(new URL("../../scripts/docs/signals.mjs", import.meta.url));

/** Starts a group of its own with two processes in it, one of which does not heed SIGHUP, and tells their ids. */
const SCRIPT = `
import { spawn } from "node:child_process";
import { endTogether } from ${JSON.stringify(signals)};
endTogether(() => console.log("last"));
spawn("bash", ["-c", "trap '' HUP; sleep 1000 & echo $$ $!; wait"], { detached: true, stdio: "inherit" });
`;

test.each([
  ["SIGTERM", 143],
  ["SIGINT", 130],
  ["SIGHUP", 129],
] as const)(
  "a check of the pages that gets %s leaves no process behind",
  async (signal, status) => {
    const check = spawn(process.execPath, ["--input-type=module", "-e", SCRIPT], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(check, "exit");
    const said: string[] = [];
    const lines = createInterface(check.stdout).on("line", (line) => said.push(line));
    const closed = once(lines, "close");
    const [first] = await once(lines, "line");
    const pids = String(first).split(" ").map(Number);
    onTestFinished(() => {
      for (const pid of [check.pid ?? 0, ...pids].filter(isAlive)) process.kill(pid, "SIGKILL");
    });
    expect(pids.map(isAlive)).toEqual([true, true]);

    check.kill(signal);

    expect(await ended).toEqual([status, null]);
    expect(pids.map(isAlive)).toEqual([false, false]);
    await closed;
    expect(said).toEqual([first, "last"]);
  },
);
