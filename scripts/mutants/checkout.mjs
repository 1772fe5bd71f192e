// @ts-check
// A copy of the working tree in a temporary folder, in which faults are planted and tests run.
import { execFileSync, spawn } from "node:child_process";
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

/** Tests run this program from dist/. The one before may be of the sources with a fault. */
const BUILD = `await (await import("./scripts/build-child.mjs")).buildLambdaChild();`;

/** Copies a working tree. `close()` ends the tests that still run and removes the copy. @param {string} root */
export function copyCheckout(root) {
  const outside = mkdtempSync(join(tmpdir(), "wsgw-mutants-"));
  const folder = join(outside, "checkout");
  const temporary = join(outside, "tmp"); // what tests that were ended leave there goes with the rest
  mkdirSync(temporary);
  const files = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], { cwd: root })
    .toString()
    .split("\0")
    .filter((file) => statSync(join(root, file), { throwIfNoEntry: false })?.isFile());
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(root, file), join(folder, file));
  }
  cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true });
  // A folder of its own, so that Vitest keeps its cache here.
  mkdirSync(join(folder, "node_modules"));
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== ".vite")
      symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
  }

  /** @type {import("node:child_process").ChildProcess | undefined} */
  let running;

  return {
    folder,
    files,

    /** Puts a text in place of a file's, while `work` runs. @template T @param {string} file @param {string} text @param {() => Promise<T>} work */
    async withText(file, text, work) {
      const path = join(folder, file);
      const before = readFileSync(path);
      writeFileSync(path, text);
      try {
        return await work();
      } finally {
        writeFileSync(path, before);
      }
    },

    /** Runs tests until the first fails. @param {readonly string[]} tests @param {number} limitMs @returns {Promise<Outcome>} */
    run(tests, limitMs) {
      execFileSync(process.execPath, ["--input-type=module", "--eval", BUILD], { cwd: folder });
      const vitest = join(folder, "node_modules", "vitest", "vitest.mjs");
      const options = [
        "--project",
        "wsgw",
        "--project",
        "apart",
        "--bail",
        "1",
        "--reporter",
        "dot",
      ];
      const child = spawn(process.execPath, [vitest, "run", ...options, ...tests], {
        cwd: folder,
        env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
        stdio: "ignore",
        detached: true, // a group of its own, workers included
      });
      running = child;
      return new Promise((resolve) => {
        /** @type {Outcome} */
        let late = "failed";
        const timer = setTimeout(() => {
          late = "late";
          end();
        }, limitMs);
        child.once("exit", (code) => {
          clearTimeout(timer);
          end();
          running = undefined;
          resolve(code === 0 ? "passed" : late);
        });
      });
    },

    close() {
      end();
      rmSync(outside, { recursive: true, force: true, maxRetries: 5 });
    },
  };

  /** Ends the tests' processes that are left. */
  function end() {
    try {
      if (running?.pid !== undefined) process.kill(-running.pid, "SIGKILL");
    } catch {
      // none is left
    }
  }
}
