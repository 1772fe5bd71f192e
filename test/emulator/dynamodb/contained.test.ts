import { expect, test } from "vitest";
import {
  type Callback,
  containStore,
  type StoreParts,
} from "../../../src/emulator/dynamodb/contained.ts";

type Start = (release: (next: Callback) => Callback) => void;

/** A store whose database answers every call with `error`, later. */
function storeWith(error: unknown) {
  const answerLater = (...args: readonly unknown[]) =>
    void setImmediate(() => (args.at(-1) as Callback)(error));
  const released: unknown[] = [];
  const part = {
    lock: (key: unknown, start: Start) =>
      start((next) => (...args) => {
        released.push(key);
        next(...args);
      }),
  };
  const stream = () => ({ emit: () => true });
  const store = {
    db: {
      put: answerLater,
      get: answerLater,
      del: answerLater,
      batch: answerLater,
      createKeyStream: stream,
      createValueStream: stream,
    },
    tableDb: part,
    getItemDb: () => part,
    getIndexDb: () => part,
    getTagDb: () => part,
  } as unknown as StoreParts;
  return { store, released };
}

test("reports to a call what its callbacks throw, and releases the locks that it holds", async () => {
  const { store, released } = storeWith(null);
  const begin = containStore(store);
  const bug = new TypeError("a bug");

  const failure = await new Promise((resolve) => {
    begin(resolve).run(() => {
      store.getItemDb("t").lock("a key", () => {
        store.db.put("key", {}, () => {
          throw bug;
        });
      });
    });
  });

  await new Promise(setImmediate);
  expect(failure).toBe(bug);
  expect(released).toEqual(["a key"]);
});

test("leaves the errors that a database gives to its callback", async () => {
  const full = new Error("IO error: No space left on device");
  const { store } = storeWith(full);

  const given = await new Promise((resolve) => store.db.put("key", {}, resolve));

  expect(given).toBe(full);
});

test("reports what is thrown while a stream is read", () => {
  const { store } = storeWith(null);
  const stream = { emit: (): unknown => undefined };
  store.db.createValueStream = () => stream;
  const begin = containStore(store);
  const bug = new TypeError("a bug");
  const failures: unknown[] = [];

  begin((error) => failures.push(error)).run(() => {
    stream.emit = () => {
      throw bug;
    };
    store.db.createValueStream({});
  });
  stream.emit();

  expect(failures).toEqual([bug]);
});
