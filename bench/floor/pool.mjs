// @ts-check
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const ENVIRONMENTS = 2;
const HEADER_BYTES = 4;
const PROGRAM = fileURLToPath(new URL("environment.mjs", import.meta.url));

/**
 * Runs one function in at most two child processes, one event at a time in each; the second starts when two
 * events overlap. More events are queued.
 * @param {string} file @param {string} name @param {NodeJS.ProcessEnv} env
 * @returns {(event: unknown) => Promise<any>}
 */
export function startPool(file, name, env) {
  /** @typedef {(event: Buffer, done: (result: any) => void) => void} Environment */
  /** @type {Environment[]} */
  const idle = [];
  /** @type {{ event: Buffer, done: (result: any) => void }[]} */
  const waiting = [];
  let started = 0;
  grow();

  return (event) =>
    new Promise((resolve) => {
      if (idle.length === 0 && started < ENVIRONMENTS) grow();
      const environment = idle.pop();
      if (environment === undefined) waiting.push({ event: frame(event), done: resolve });
      else environment(frame(event), resolve);
    });

  function grow() {
    started += 1;
    const child = spawn(process.execPath, [PROGRAM, file, name], {
      env,
      stdio: ["ignore", "inherit", "inherit", "pipe"],
    });
    const channel = /** @type {import("node:net").Socket} */ (child.stdio[3]);
    /** @type {((result: any) => void) | undefined} */
    let pending;
    let received = Buffer.alloc(0);
    channel.on("data", (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      if (
        received.length < HEADER_BYTES ||
        received.length < HEADER_BYTES + received.readUInt32LE(0)
      )
        return;
      const result = JSON.parse(received.toString("utf8", HEADER_BYTES));
      received = Buffer.alloc(0);
      const done = pending;
      const next = waiting.shift();
      if (next === undefined) idle.push(run);
      else run(next.event, next.done);
      done?.(result);
    });
    idle.push(run);

    /** @type {Environment} */
    function run(event, done) {
      pending = done;
      channel.write(event);
    }
  }
}

/** @param {unknown} value */
function frame(value) {
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + bytes);
  buffer.writeUInt32LE(bytes, 0);
  buffer.write(text, HEADER_BYTES);
  return buffer;
}
