import { expect, test } from "vitest";
import { createKeyRing, keysIn } from "../../../src/emulator/iam/keys.ts";

test("each function has keys of its own, the same every time", () => {
  const keys = createKeyRing();
  const a = keys.forFunction("a");

  expect(keys.forFunction("a")).toBe(a);
  expect(keys.forFunction("b").accessKeyId).not.toBe(a.accessKeyId);
  expect(keys.secretFor(a.accessKeyId)).toEqual({
    secretAccessKey: a.secretAccessKey,
    functionName: "a",
  });
});

test("keys that are lent go to every function, and are nobody's own", () => {
  const lent = keysIn({ AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "secret" });
  const keys = createKeyRing(lent);

  expect(lent).toEqual({ accessKeyId: "AKIA", secretAccessKey: "secret", sessionToken: "" });
  expect([keys.forFunction("a"), keys.forFunction("b")]).toEqual([lent, lent]);
  expect(keys.secretFor("AKIA")).toBeUndefined();
});

test("an environment without keys lends none", () => {
  expect(keysIn({ AWS_ACCESS_KEY_ID: "AKIA" })).toBeUndefined();
});
