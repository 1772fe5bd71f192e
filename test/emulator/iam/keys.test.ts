import { expect, test } from "vitest";
import { createKeyRing, keysIn } from "../../../src/emulator/iam/keys.ts";

test("each function has keys of its own, the same every time", () => {
  const keys = createKeyRing();
  const a = keys.forFunction("a");

  expect(keys.forFunction("a")).toBe(a);
  expect(a.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(a.secretAccessKey).toMatch(/^[\w+/]{40}$/);
  expect(a.sessionToken).toMatch(/^[\w+/]{128}$/);
  expect(keys.forFunction("b").accessKeyId).not.toBe(a.accessKeyId);
  expect(keys.secretFor(a.accessKeyId)).toEqual({
    ...a,
    functionName: "a",
  });
});

test("lent keys go to every function, belong to none, and are known", () => {
  const lent = keysIn({ AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "secret" });
  const keys = createKeyRing({ lent });

  expect(lent).toEqual({ accessKeyId: "AKIA", secretAccessKey: "secret", sessionToken: "" });
  expect([keys.forFunction("a"), keys.forFunction("b")]).toEqual([lent, lent]);
  expect(keys.secretFor("AKIA")).toEqual({ ...lent, functionName: undefined });
});

test("all callers of an external DynamoDB have one key, the same at every start", () => {
  const keys = createKeyRing({ shared: true });

  expect(keys.forFunction("a")).toBe(keys.developer);
  expect(keys.forFunction("b")).toBe(keys.developer);
  expect(keys.forTables).toBe(keys.developer);
  expect(createKeyRing({ shared: true }).developer.accessKeyId).toBe(keys.developer.accessKeyId);
  expect(keys.developer.accessKeyId).toMatch(/^[A-Za-z0-9]+$/);
});

test("external tables are created with the keys that the functions have", () => {
  const lent = { accessKeyId: "AKIA", secretAccessKey: "secret", sessionToken: "" };

  expect(createKeyRing({ lent, shared: true }).forTables).toBe(lent);
});

test("an environment without keys has none to lend", () => {
  expect(keysIn({ AWS_ACCESS_KEY_ID: "AKIA" })).toBeUndefined();
});
