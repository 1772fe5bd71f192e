import { expect, onTestFinished, test } from "vitest";
import type { CommandToRun } from "../../src/processes/stoppable-command.ts";
import { startCommand } from "../../src/processes/stoppable-command.ts";
import { isAlive } from "../is-alive.ts";
import { showWhenFailed } from "../show-when-failed.ts";

/** A command, and what it has printed; `prints` waits for a line. */
function run(command: readonly string[], more: Partial<CommandToRun> = {}) {
  const lines: string[] = [];
  const waiters = new Set<() => void>();
  const running = startCommand({
    command,
    cwd: process.cwd(),
    env: process.env,
    printed(stream, text) {
      lines.push(`${stream}: ${text}`);
      for (const waiter of waiters) waiter();
    },
    ...more,
  });
  onTestFinished(() => running.stop());
  showWhenFailed("What the command printed:", () => lines.join("\n"));
  const prints = (pattern: RegExp) =>
    new Promise<string>((resolve) => {
      const look = () => {
        const found = lines.find((line) => pattern.test(line));
        if (found !== undefined) resolve(found);
      };
      waiters.add(look);
      look();
    });
  return { running, lines, prints };
}

test("reports a command's lines by stream, including an unfinished last one, with colours", async () => {
  const script = "printf '\\033[32mgreen\\033[0m\\n'; echo oops >&2; printf last; exit 3";
  const { running, lines } = run(["sh", "-c", script]);

  expect(await running.ended).toEqual({ kind: "exited", code: 3 });
  await running.stop();
  expect(lines.toSorted()).toEqual([
    "stderr: oops",
    "stdout: \u001b[32mgreen\u001b[0m",
    "stdout: last",
  ]);
});

test("stopping asks all that the command has started to end, and waits for their last words", async () => {
  const child = `process.on("SIGTERM", () => { console.log("child ends"); process.exit(); }); console.log("child runs"); setInterval(() => {}, 1000)`;
  const { running, lines, prints } = run([
    "sh",
    "-c",
    `"$0" -e '${child}'; echo`,
    process.execPath,
  ]);
  await prints(/child runs/);

  await running.stop();

  expect(await running.ended).toEqual({ kind: "signalled", signal: "SIGTERM" });
  expect(lines).toContain("stdout: child ends");
});

test("what does not end when asked is killed after the grace", async () => {
  const script = "trap '' TERM; echo deaf; while :; do sleep 60; done";
  const { running, prints } = run(["sh", "-c", script], { graceMs: 50 });
  await prints(/deaf/);

  await running.stop();

  expect(await running.ended).toEqual({ kind: "signalled", signal: "SIGKILL" });
});

test("what a command leaves in the background ends with it", async () => {
  const { running, prints } = run([
    "sh",
    "-c",
    "(trap '' TERM; exec sleep 600) >/dev/null 2>&1 & echo pid $!",
  ]);
  const pid = Number(/\d+/.exec(await prints(/pid/))?.[0]);
  expect(await running.ended).toEqual({ kind: "exited", code: 0 });

  await running.stop();

  await expect.poll(() => isAlive(pid)).toBe(false);
});

test("a command's input stays open, since watchers end with it", async () => {
  const reading = `require("node:child_process").spawnSync("sh", ["-c", "read line"], { stdio: "inherit", timeout: 100 })`;
  const script = `console.log(${reading}.status === null ? "open" : "at its end")`;
  const { running, lines } = run([process.execPath, "-e", script]);

  await running.ended;
  await running.stop();

  expect(lines).toEqual(["stdout: open"]);
});

test("a program that is not there is an end like any other", async () => {
  const { running } = run(["wsgw-no-such-program"]);

  expect(await running.ended).toEqual({
    kind: "never-started",
    reason: "the program does not exist (ENOENT)",
  });
  await running.stop();
});
