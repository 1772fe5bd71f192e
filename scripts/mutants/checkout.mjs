// @ts-check
// A copy of the working tree in a temporary directory, in which faults are planted and tests run.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** @typedef {"passed" | "failed" | "late"} Outcome */

/** Tests run this program from dist/. The existing one may contain a fault of an earlier run. */
const BUILD = `await (await import("./scripts/build-child.mjs")).buildLambdaChild();`;

/** Copies a working tree. `close()` ends running tests and deletes the copy. @param {string} root */
export function copyCheckout(root) {
  const outside = mkdtempSync(join(tmpdir(), "wsgw-mutants-"));
  const directory = join(outside, "checkout");
  const temporary = join(outside, "tmp"); // files that killed tests leave there are deleted with the rest
  mkdirSync(temporary);
  const files = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], { cwd: root })
    .toString()
    .split("\0")
    .filter((file) => statSync(join(root, file), { throwIfNoEntry: false })?.isFile());
  for (const file of files) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    copyFileSync(join(root, file), join(directory, file));
  }
  cpSync(join(root, "dist"), join(directory, "dist"), { recursive: true });
  // A separate directory, so that Vitest keeps its cache here.
  mkdirSync(join(directory, "node_modules"));
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== ".vite")
      symlinkSync(join(root, "node_modules", name), join(directory, "node_modules", name));
  }

  /**
   * Runs the tests; replaced after tests that did not end. @type {import("node:child_process").ChildProcess |
   * undefined}
   */
  let runner;
  /** Files that have changed since the last run. @type {Set<string>} */
  const changed = new Set();

  return {
    directory,
    files,

    /**
     * Replaces a file's contents while `work` runs. @template T @param {string} file @param {string} text
     * @param {() => Promise<T>} work
     */
    async withText(file, text, work) {
      const path = join(directory, file);
      const before = readFileSync(path);
      writeFileSync(path, text);
      changed.add(path);
      try {
        return await work();
      } finally {
        writeFileSync(path, before);
        changed.add(path);
      }
    },

    /** Runs tests until the first fails. @param {readonly string[]} tests @param {number} limitMs @returns {Promise<Outcome>} */
    async run(tests, limitMs) {
      execFileSync(process.execPath, ["--input-type=module", "--eval", BUILD], { cwd: directory });
      const started = runner ?? (await startRunner());
      return new Promise((resolve) => {
        /** @param {Outcome} outcome */
        const settle = (outcome) => {
          clearTimeout(timer);
          started.off("message", settle).off("exit", onExit);
          resolve(outcome);
        };
        const onExit = () => {
          end();
          settle("failed");
        };
        const timer = setTimeout(() => {
          started.off("exit", onExit);
          end();
          settle("late");
        }, limitMs);
        started.on("message", settle).on("exit", onExit);
        started.send({ tests, changed: [...changed] });
        changed.clear();
      });
    },

    close() {
      end();
      rmSync(outside, { recursive: true, force: true, maxRetries: 5 });
    },
  };

  async function startRunner() {
    const started = spawn(process.execPath, [join(directory, "scripts", "mutants", "runner.mjs")], {
      cwd: directory,
      env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      detached: true, // its own process group, with everything that tests start
    });
    runner = started;
    await once(started, "message");
    return started;
  }

  /** Ends remaining processes of the tests. */
  function end() {
    try {
      if (runner?.pid !== undefined) process.kill(-runner.pid, "SIGKILL");
    } catch {
      // no process is left
    }
    runner = undefined;
  }
}
