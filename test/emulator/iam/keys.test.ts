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

test("real AWS keys go to every function, belong to none, and are known", () => {
  const awsKeys = keysIn({ AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "secret" });
  const keys = createKeyRing({ awsKeys });

  expect(awsKeys).toEqual({ accessKeyId: "AKIA", secretAccessKey: "secret", sessionToken: "" });
  expect([keys.forFunction("a"), keys.forFunction("b")]).toEqual([awsKeys, awsKeys]);
  expect(keys.secretFor("AKIA")).toEqual({ ...awsKeys, functionName: undefined });
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
  const awsKeys = { accessKeyId: "AKIA", secretAccessKey: "secret", sessionToken: "" };

  expect(createKeyRing({ awsKeys, shared: true }).forTables).toBe(awsKeys);
});

test("an environment without keys has no AWS keys", () => {
  expect(keysIn({ AWS_ACCESS_KEY_ID: "AKIA" })).toBeUndefined();
});

test("an identity keeps its keys until they expire, to the millisecond", () => {
  const keys = createKeyRing();
  const first = keys.forIdentity("ann", 900, 5_000);

  expect(keys.secretFor(first.accessKeyId)).toEqual({
    ...first,
    functionName: undefined,
    identity: "ann",
    expiresAt: 905_000,
  });
  expect(keys.forIdentity("ann", 900, 904_999)).toBe(first);
  expect(keys.forIdentity("ann", 900, 905_000).accessKeyId).not.toBe(first.accessKeyId);
  expect(keys.forIdentity("bob", 900, 5_000).accessKeyId).not.toBe(first.accessKeyId);
});

test("an identity without a duration keeps its keys as long as the gateway runs", () => {
  const keys = createKeyRing();
  const own = keys.forIdentity("ann", undefined, 0);

  expect(keys.secretFor(own.accessKeyId)).toEqual({
    ...own,
    functionName: undefined,
    identity: "ann",
  });
  expect(keys.forIdentity("ann", undefined, Number.MAX_SAFE_INTEGER)).toBe(own);
});
