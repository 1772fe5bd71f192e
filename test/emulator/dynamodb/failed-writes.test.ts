import { expect, test } from "vitest";
import { type Databases, withFailedWrites } from "../../../src/emulator/dynamodb/failed-writes.ts";

type Callback = (error?: unknown) => void;

/** Databases whose disk answers every write with `error`. */
function databases(error: unknown): Databases {
  const write = (...args: readonly unknown[]) => (args.at(-1) as Callback)(error);
  return { create: () => ({ db: { put: write, del: write, batch: write } }) };
}

function put(modules: Databases): unknown {
  const { db } = withFailedWrites(modules, () => modules.create({}));
  let answer: unknown;
  db.put("key", {}, (error: unknown) => {
    answer = error;
  });
  return answer;
}

test("a write that the disk does not take is refused in DynamoDB's words", () => {
  const full = Object.assign(new Error("IO error: No space left on device"), {
    code: "LEVEL_IO_ERROR",
  });

  expect(put(databases(full))).toMatchObject({
    statusCode: 500,
    body: {
      __type: "com.amazonaws.dynamodb.v20120810#InternalServerError",
      message: "The local table cannot be written: IO error: No space left on device",
    },
  });
});

test("a write that succeeds, and a bug, stay as they are", () => {
  const bug = new TypeError("a bug");

  expect(put(databases(null))).toBeNull();
  expect(put(databases(bug))).toBe(bug);
  expect(bug).not.toHaveProperty("statusCode");
});

test("databases that are created later are left alone", () => {
  const modules = databases(null);
  const { create } = modules;
  withFailedWrites(modules, () => modules.create({}));

  expect(modules.create).toBe(create);
});
