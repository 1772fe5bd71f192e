import { once } from "node:events";
import { chmodSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { watchFiles } from "../../src/readers/watch.ts";
import { project } from "./projects.ts";

/** File systems take the time of the last tick of the kernel. */
const TICK_MS = 10;

/** Watches, and hands out the changes one after another, each once. */
function watching(...files: readonly string[]) {
  const stateDir = join(dirname(files[0] ?? ""), "state");
  const changes: string[] = [];
  const signal = new EventTarget();
  const watch = watchFiles({
    files,
    stateDir,
    onChange(file) {
      changes.push(file);
      signal.dispatchEvent(new Event("change"));
    },
  });
  onTestFinished(() => watch.stop());
  return {
    ...watch,
    changes,
    async next(): Promise<string | undefined> {
      if (changes.length === 0) await once(signal, "change");
      return changes.shift();
    },
  };
}

test("reports a file that is written, and only that file", async () => {
  const { path, write } = project({ "a.ts": "1", "b.ts": "1", "c.ts": "1" });
  const watch = watching(path("a.ts"), path("b.ts"));

  write("c.ts", "2");
  write("b.ts", "2");

  expect(await watch.next()).toBe(path("b.ts"));
  expect(watch.changes).toEqual([]);
});

test("reports files that appear and disappear whose names have the given ending", async () => {
  const { path, write } = project({ "a.tf": "1" });
  const watch = watching(path("a.tf"), path("*.tf"));

  write("notes.md", "1");
  write("b.tf", "1");
  expect(await watch.next()).toBe(path("*.tf"));
  unlinkSync(path("b.tf"));

  expect(await watch.next()).toBe(path("*.tf"));
  expect(watch.changes).toEqual([]);
});

test("truncating and writing are one change", async () => {
  const { path, write } = project({ "a.ts": "1", "z.ts": "1" });
  const watch = watching(path("a.ts"), path("z.ts"));

  write("a.ts", "");
  write("a.ts", "22");
  write("a.ts", "333");
  expect(await watch.next()).toBe(path("a.ts"));
  write("z.ts", "later");

  expect(await watch.next()).toBe(path("z.ts"));
});

test("a file that is empty for a moment is being written; one that stays empty was emptied", async () => {
  const { path, write } = project({ "a.ts": "1", "z.ts": "1" });
  const watch = watching(path("a.ts"), path("z.ts"));

  write("a.ts", "");
  write("z.ts", "shows that it has looked");
  expect(await watch.next()).toBe(path("z.ts"));
  write("a.ts", "2");
  expect(await watch.next()).toBe(path("a.ts"));
  expect(watch.changes).toEqual([]);

  write("a.ts", "");
  expect(await watch.next()).toBe(path("a.ts"));
  expect(watch.changes).toEqual([]);
});

test("sees an editor's save by renaming over the file, again and again", async () => {
  const { path, write } = project({ "a.ts": "1" });
  const watch = watching(path("a.ts"));

  for (const text of ["2", "3", "4"]) {
    write("a.ts.tmp", text);
    renameSync(path("a.ts.tmp"), path("a.ts"));
    expect(await watch.next()).toBe(path("a.ts"));
  }
});

test("sees an editor's save that moves the old file away first", async () => {
  const { path, write } = project({ "a.ts": "1" });
  const watch = watching(path("a.ts"));

  renameSync(path("a.ts"), path("a.ts~"));
  write("a.ts", "2");
  unlinkSync(path("a.ts~"));

  expect(await watch.next()).toBe(path("a.ts"));
});

test("reports a file that is deleted, and its return, and files in other directories", async () => {
  const { path, write } = project({ "a/a.ts": "1", "b/b.ts": "1" });
  const watch = watching(path("a/a.ts"), path("b/b.ts"));

  unlinkSync(path("a/a.ts"));
  expect(await watch.next()).toBe(path("a/a.ts"));
  write("a/a.ts", "2");
  expect(await watch.next()).toBe(path("a/a.ts"));
  write("a/a.ts", "33");
  expect(await watch.next()).toBe(path("a/a.ts"));
});

test("a directory may disappear and return", async () => {
  const { path, write } = project({ "src/deep/a.ts": "1" });
  const watch = watching(path("src/deep/a.ts"));

  rmSync(path("src"), { recursive: true });
  expect(await watch.next()).toBe(path("src/deep/a.ts"));
  write("src/deep/a.ts", "2");
  expect(await watch.next()).toBe(path("src/deep/a.ts"));
  write("src/deep/a.ts", "33");
  expect(await watch.next()).toBe(path("src/deep/a.ts"));
});

test("a directory may be replaced by another with its name", async () => {
  const { path, write } = project({ "src/a.ts": "1", "next/a.ts": "22" });
  const watch = watching(path("src/a.ts"));

  renameSync(path("src"), path("old"));
  renameSync(path("next"), path("src"));
  expect(await watch.next()).toBe(path("src/a.ts"));
  write("src/a.ts", "333");
  expect(await watch.next()).toBe(path("src/a.ts"));
});

test("waits for a file that does not exist yet", async () => {
  const { path, write } = project();
  const watch = watching(path("not/yet/a.ts"));

  write("not/yet/a.ts", "1");

  expect(await watch.next()).toBe(path("not/yet/a.ts"));
});

test("sees changes of the file behind a link", async () => {
  const { path, write } = project({ "real/a.ts": "1" });
  symlinkSync(path("real/a.ts"), path("a.ts"));
  const watch = watching(path("a.ts"));

  write("real/a.ts", "22");

  expect(await watch.next()).toBe(path("a.ts"));
});

test("watches other files after an update, and none of the old", async () => {
  const { path, write } = project({ "a.ts": "1", "b.ts": "1" });
  const watch = watching(path("a.ts"));
  watch.update([path("b.ts")]);

  write("a.ts", "2");
  write("b.ts", "2");

  expect(await watch.next()).toBe(path("b.ts"));
  expect(watch.changes).toEqual([]);
});

test("a change between two updates is not lost", async () => {
  const { path, write } = project({ "a.ts": "1", "b.ts": "1" });
  const watch = watching(path("a.ts"));

  write("a.ts", "22");
  watch.update([path("a.ts"), path("b.ts")]);

  expect(await watch.next()).toBe(path("a.ts"));
});

test("a file that was missing has come, also when it came before it was watched", async () => {
  const { path, write } = project({ "a.ts": "1" });
  const watch = watching(path("a.ts"));

  write("b.ts", "1");
  watch.update([path("a.ts")], [path("b.ts"), path("c.ts")]);

  expect(await watch.next()).toBe(path("b.ts"));
  expect(watch.changes).toEqual([]);
});

test("a file that was written after it was read has changed, unless wsgw wrote it", async () => {
  const before = Date.now() - TICK_MS;
  const { path } = project({ "a.ts": "1", "b.ts": "1", "state/c.ts": "1" });
  const watch = watching(path("a.ts"));

  watch.update([path("a.ts"), path("b.ts"), path("state/c.ts")], [], before);
  expect(await watch.next()).toBe(path("b.ts"));
  watch.update([path("b.ts")], [], before);
  watch.update([path("a.ts"), path("b.ts")], [], Date.now());

  expect(watch.changes).toEqual([]);
});

test("a new file for *.tf counts if it appeared after the directory was read", async () => {
  const before = Date.now() - TICK_MS;
  const { path } = project({ "a.tf": "1" });
  const watch = watching(path("a.tf"));

  watch.update([path("a.tf"), path("*.tf")], [], before);

  expect(await watch.next()).toBe(path("*.tf"));
});

test("other permissions are a change", async () => {
  const { path } = project({ "a.sh": "1" });
  const watch = watching(path("a.sh"));

  chmodSync(path("a.sh"), 0o755);

  expect(await watch.next()).toBe(path("a.sh"));
});

test("is silent once stopped, and may be stopped twice", async () => {
  const { path, write } = project({ "a.ts": "1", "b.ts": "1" });
  const stopped = watching(path("a.ts"));
  const other = watching(path("a.ts"));

  write("a.ts", "2");
  stopped.stop();
  stopped.stop();
  stopped.update([path("a.ts"), path("b.ts")]); // by whoever was still at work
  await other.next();
  write("a.ts", "33");
  await other.next();

  expect(stopped.changes).toEqual([]);
});

test("tells within 10 ms of a save, when the machine is free to", async () => {
  const { path } = project({ "a.ts": "1" });
  const watch = watching(path("a.ts"));
  const times: number[] = [];

  for (let i = 0; i < 21; i += 1) {
    const start = performance.now();
    writeFileSync(path("a.ts"), "x".repeat(i + 2));
    await watch.next();
    times.push(performance.now() - start);
  }

  // The shortest is what the watch itself takes; the others may have waited for a busy machine.
  expect(Math.min(...times)).toBeLessThan(10);
});
