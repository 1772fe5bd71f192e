import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HISTORY_LINES, openHistory } from "../../../cli/send/history.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";

test("keeps what was typed for the next time, newest first, where only this user can read it", async () => {
  const HOME = temporaryDirectory();
  const first = openHistory({ HOME });
  for (const line of ["one", "two", "two", " ", "three"]) first.add(line);

  expect(openHistory({ HOME }).lines).toEqual(["three", "two", "one"]);
  expect((await stat(join(HOME, ".wsgw_history"))).mode & 0o777).toBe(0o600);
});

test("is in the desktop's state directory, if one is set", async () => {
  const HOME = temporaryDirectory();
  const XDG_STATE_HOME = join(HOME, "state");
  openHistory({ HOME, XDG_STATE_HOME }).add("one");

  expect(await readFile(join(XDG_STATE_HOME, "wsgw", "history"), "utf8")).toBe("one\n");
});

test("returns only the newest lines, and truncates a file that has grown to twice as many", async () => {
  const HOME = temporaryDirectory();
  const file = join(HOME, ".wsgw_history");
  const lines = Array.from({ length: HISTORY_LINES * 2 + 1 }, (_, index) => `line ${index}`);
  await writeFile(file, `${lines.join("\n")}\n`, { mode: 0o644 });

  const history = openHistory({ HOME });

  expect(history.lines).toEqual(lines.slice(-HISTORY_LINES).reverse());
  expect((await readFile(file, "utf8")).split("\n")).toHaveLength(HISTORY_LINES + 1);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("does without where nothing can be kept", async () => {
  const HOME = join(temporaryDirectory(), "file");
  await writeFile(HOME, "");

  const history = openHistory({ HOME });

  expect(() => history.add("one")).not.toThrow();
  expect(history.lines).toEqual([]);
});
