import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Project } from "../../../src/definition/project.ts";
import { failureInputsOfSeeds, itemsFor, readSeeds } from "../../../src/emulator/dynamodb/seed.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { chat } from "./tables.ts";

/** A project whose table begins with these files. */
function seeded(files: Readonly<Record<string, string>>, seed = Object.keys(files)) {
  const root = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  const table = { ...chat, logicalName: "rooms", seed };
  return { root, project: { tables: { rooms: table } } as unknown as Pick<Project, "tables"> };
}

test("the items of all files of a table are put together", () => {
  const { project, root } = seeded({ "a.json": '[{"id":"a"}]', "b.json": '{"id":"b"}' });

  expect(readSeeds(project, root)).toEqual(
    new Map([["chat", [{ id: { S: "a" } }, { id: { S: "b" } }]]]),
  );
});

test("a table without items has no seed", () => {
  const { project, root } = seeded({ "a.json": "[]" });

  expect(readSeeds(project, root)).toEqual(new Map());
  expect(readSeeds({ tables: { rooms: chat } } as never, root)).toEqual(new Map());
});

test("reports each error with its file and item, and the files that can fix it", () => {
  const { project, root } = seeded({ "a.json": '[{"id":"a"},{"id":1},2]' }, [
    "a.json",
    "gone.json",
  ]);

  expect(() => readSeeds(project, root)).toThrow(
    expect.objectContaining({
      code: "SEED_INVALID",
      message: expect.stringMatching(
        /^a\.json: item 2 does not fit table rooms: its key attribute "id" is of type "N", not "S"\.\na\.json: item 3 does not fit table rooms: it is not an object\.\ngone\.json, the seed of table rooms, cannot be read: .*\.$/,
      ),
      failureInputs: { read: [join(root, "a.json")], missing: [join(root, "gone.json")] },
    }),
  );
  expect(failureInputsOfSeeds({ tables: {} }, root)).toEqual({ read: [], missing: [] });
});

test.each([
  [20, 20, ""],
  [21, 21, "… and 1 more errors."],
])("of %i errors reports twenty", (faults, lines, last) => {
  const { project, root } = seeded({ "a.json": JSON.stringify(Array(faults).fill({})) });
  let message = "";
  try {
    readSeeds(project, root);
  } catch (error) {
    message = (error as Error).message;
  }

  expect(message.split("\n")).toHaveLength(lines);
  if (last !== "") expect(message.split("\n").at(-1)).toBe(last);
});

test("keeps valid items, and reports the number of the others", () => {
  const faults: unknown[] = [];

  const items = itemsFor(chat, [{ id: "a" }, null, { id: "b" }], (...fault) => faults.push(fault));

  expect(items).toEqual([{ id: { S: "a" } }, { id: { S: "b" } }]);
  expect(faults).toEqual([[2, "it is not an object"]]);
});
