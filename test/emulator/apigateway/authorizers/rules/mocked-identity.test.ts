import { expect, test } from "vitest";
import {
  identityHeader,
  identityHeaderValue,
  identityIn,
  identityNamed,
} from "../../../../../src/emulator/apigateway/authorizers/rules/mocked-identity.ts";

const IDENTITIES = { ann: { principalId: "a" }, bob: { principalId: "b" } };

test("the identity header has the token in its name", () => {
  expect(identityHeader("t0")).toBe("x-wsgw-identity-t0");
});

test("an identity is found by its own name", () => {
  expect(identityNamed("ann", IDENTITIES)).toEqual({ principalId: "a", name: "ann" });
  expect(identityNamed("eve", IDENTITIES)).toBeUndefined();
  expect(identityNamed("toString", IDENTITIES)).toBeUndefined();
});

test("the header has an identity, or the name of one", () => {
  const value = identityHeaderValue({ principalId: "ü?>" });

  expect(value).toMatch(/^[\w-]+$/);
  expect(identityIn(value, IDENTITIES)).toEqual({ principalId: "ü?>", context: {} });
  expect(identityIn(identityHeaderValue("ann"), IDENTITIES)).toEqual({
    principalId: "a",
    name: "ann",
  });
});

test("the header says what is wrong with its value", () => {
  expect(identityIn(identityHeaderValue("eve"), IDENTITIES)).toBe(
    'there is no identity "eve" in the definition, which has ann, bob',
  );
  expect(identityIn(identityHeaderValue("eve"), {})).toBe(
    'there is no identity "eve" in the definition, which has none',
  );
  expect(identityIn("not JSON", IDENTITIES)).toEqual(expect.any(String));
});
