// Replaces AWS with moto, started with helpers of the tests.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(
  new URL("../../test/deploy/judges/moto_with_websockets.py", import.meta.url),
);

export async function startMoto() {
  const child = spawn("python3", [script], { stdio: ["pipe", "pipe", "ignore"] });
  const exited = once(child, "exit");
  const [port] = await Promise.race([
    once(createInterface(child.stdout), "line"),
    exited.then(() => {
      throw new Error("moto does not start; it is installed by .ci/run");
    }),
  ]);
  child.stdout.resume();
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      if (child.exitCode === null) child.kill("SIGTERM");
      await exited;
    },
  };
}
