import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runMain } from "../run-main.ts";
import { type LocalChat, startLocalChat } from "../send/local-chat.ts";

let chat: LocalChat;

beforeAll(async () => {
  chat = await startLocalChat();
});
afterAll(() => chat?.stop());

function table(argv: readonly string[], stdin = "", cwd = chat.root) {
  return runMain(["table", ...argv], { cwd, stdin: Readable.from([stdin]) });
}

test("lists the tables, and puts, shows, deletes and clears items", async () => {
  expect(await table(["put", "notes", '{"id":"a","n":1,"tags":["x",null]}'])).toEqual({
    exitCode: 0,
    out: "",
    err: "1 item put into notes.\n",
  });
  await table(["put", "chat-notes"], '{"id":"b"}\n{"id":"c"}\n');

  expect(await table(["list"])).toMatchObject({ out: "notes  chat-notes  key id (S)  3 items\n" });
  expect(await table(["show", "notes", "a"])).toMatchObject({
    out: `${JSON.stringify({ id: "a", n: 1, tags: ["x", null] }, undefined, 2)}\n`,
  });
  expect((await table(["show", "notes"])).out.split("\n").sort()).toEqual([
    "",
    '{"id":"a","n":1,"tags":["x",null]}',
    '{"id":"b"}',
    '{"id":"c"}',
  ]);
  expect((await table(["show", "notes", "--limit", "1"])).out.split("\n")).toHaveLength(2);
  expect(await table(["delete", "notes", "b"])).toMatchObject({ exitCode: 0 });
  expect(await table(["delete", "notes", "b"])).toMatchObject({ exitCode: 3 });
  expect(await table(["show", "notes", "b"])).toMatchObject({ exitCode: 3 });
  expect(await table(["clear", "notes"])).toMatchObject({ err: "2 items deleted from notes.\n" });
  expect(await table(["show", "notes"])).toMatchObject({ exitCode: 0, out: "" });
});

test("puts and shows an attribute named __proto__ like any other, nested ones too", async () => {
  const item = '{"id":"p","__proto__":"x","m":{"__proto__":{"a":[1]}}}';

  expect(await table(["put", "notes", item])).toMatchObject({ exitCode: 0 });

  expect((await table(["show", "notes"])).out).toBe(`${item}\n`);
  expect((await table(["export", "notes"])).out).toContain('"__proto__"');
  await table(["clear", "notes"]);
});

test("exports what import takes, also what plain JSON cannot say", async () => {
  const items = [
    { id: "1", deep: { list: [1.5, true] } },
    { Item: { id: { S: "2" }, s: { SS: ["x"] } } },
  ];
  await writeFile(join(chat.root, "items.json"), JSON.stringify(items));

  await table(["import", "notes", "items.json"]);
  expect(await table(["export", "notes", "out.json"])).toMatchObject({ exitCode: 0 });

  const out = JSON.parse(await readFile(join(chat.root, "out.json"), "utf8"));
  expect(out).toEqual(expect.arrayContaining(items));
  await table(["clear", "notes"]);
  expect(await table(["import", "notes"], JSON.stringify(out))).toMatchObject({
    err: "2 items put into notes.\n",
  });
  expect(JSON.parse((await table(["export", "notes"])).out)).toHaveLength(2);
  await table(["clear", "notes"]);
});

test("says in words why a file cannot be written", async () => {
  expect(await table(["export", "notes", "gone/out.json"])).toMatchObject({
    exitCode: 1,
    err: expect.stringMatching(
      /^✗ \S+out\.json cannot be written: its directory does not exist \(ENOENT\)\.\n/,
    ),
  });
});

test.each([
  [["show", "nots"], 'There is no table "nots". The API has notes.'],
  [["show"], "Which table? The API has notes."],
  [["lst"], 'There is no "table lst". Did you mean list?'],
  [
    ["put", "notes", '{"x":1}'],
    'The item does not fit table notes: it lacks the key attribute "id".',
  ],
  [["put", "notes", '{"id":1}'], 'its key attribute "id" is of type "N", not "S"'],
  [["put", "notes", "nonsense"], "The item has invalid JSON in line 1"],
  [["delete", "notes"], "Table notes: The key of an item is id (S). Write a value for each."],
  [["import", "notes", "gone.json"], "gone.json cannot be read: it does not exist (ENOENT)."],
  [["list", "notes"], '"notes" is an unexpected argument of list.'],
  [["clear", "notes", "a"], '"a" is an unexpected argument of clear.'],
  [["put", "notes", "{}", "{}"], '"{}" is an unexpected argument of put.'],
  [["show", "notes", "a", "1", "2"], '"2" is an unexpected argument of show.'],
  [["show", "notes", "a", "--limit", "1"], "--limit works with show only, without a key."],
  [["export", "notes", "--limit", "1"], "--limit works with show only, without a key."],
  [["delete", "notes", "a", "--yes"], "--yes works with clear only."],
])("says what is wrong with %j", async (argv, message) => {
  const { exitCode, err } = await table(argv);

  expect(exitCode).toBe(1);
  expect(err).toContain(message);
});

test("says that no gateway runs", async () => {
  expect(await table(["list"], "", "/")).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining("No gateway runs in / or a parent directory."),
  });
});
