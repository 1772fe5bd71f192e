import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { createGuard } from "../../src/processes/guard.ts";

/** The guards of this process. */
function guards(): readonly number[] {
  const processes = execFileSync("ps", ["-o", "pid=,args=", "--ppid", `${process.pid}`], {
    encoding: "utf8",
  });
  const lines = processes.split("\n").filter((line) => line.includes("read -r verb group"));
  return lines.map((line) => Number.parseInt(line, 10));
}

function group(): number {
  const child = spawn("/bin/sh", ["-c", "read -r line"], { detached: true });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child.pid!;
}

test.skipIf(process.platform === "win32")("the guard goes with the last group", async () => {
  const guard = createGuard();
  const [first, second] = [group(), group()];
  guard.watch(first);
  guard.watch(second);
  expect(guards()).toHaveLength(1);

  await guard.forget(first);
  expect(guards()).toHaveLength(1);
  await guard.forget(second);

  expect(guards()).toEqual([]);
});

test.skipIf(process.platform === "win32")("a killed guard blocks no caller", async () => {
  const guard = createGuard();
  const watched = group();
  guard.watch(watched);
  const [pid] = guards();
  process.kill(pid!, "SIGKILL");
  // Node hears of the ends of processes in order: this one is later.
  await once(spawn("/bin/sh", ["-c", "exit 0"]), "exit");

  await guard.forget(watched);

  expect(guards()).toEqual([]);
});
