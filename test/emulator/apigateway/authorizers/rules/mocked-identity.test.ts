import { expect, test } from "vitest";
import {
  identityHeader,
  identityHeaderValue,
  identityNamed,
  mockedIdentityOf,
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

const LOCAL = { clientsMayMock: true, everybody: undefined };

test("the header has an identity, or the name of one", () => {
  const value = identityHeaderValue({ principalId: "ü?>" });

  expect(value).toMatch(/^[\w-]+$/);
  expect(mockedIdentityOf(value, IDENTITIES, LOCAL)).toEqual({ principalId: "ü?>", context: {} });
  expect(mockedIdentityOf(identityHeaderValue("ann"), IDENTITIES, LOCAL)).toEqual({
    principalId: "a",
    name: "ann",
  });
});

test("a client without the header has the identity of every client", () => {
  const everybody = { principalId: "everybody" };

  expect(mockedIdentityOf(undefined, IDENTITIES, LOCAL)).toBeUndefined();
  expect(mockedIdentityOf(undefined, IDENTITIES, { ...LOCAL, everybody })).toBe(everybody);
  expect(
    mockedIdentityOf(identityHeaderValue("ann"), IDENTITIES, { ...LOCAL, everybody }),
  ).toMatchObject({ principalId: "a" });
});

test("the header is rejected where other machines can reach the gateway", () => {
  const exposed = { ...LOCAL, clientsMayMock: false };

  expect(mockedIdentityOf(identityHeaderValue("ann"), IDENTITIES, exposed)).toBe(
    "other machines can reach this gateway, so it calls its authorizers",
  );
  expect(mockedIdentityOf(undefined, IDENTITIES, exposed)).toBeUndefined();
});

test("the header says what is wrong with its value", () => {
  expect(mockedIdentityOf(identityHeaderValue("eve"), IDENTITIES, LOCAL)).toBe(
    'there is no identity "eve" in the definition, which has ann, bob',
  );
  expect(mockedIdentityOf(identityHeaderValue("eve"), {}, LOCAL)).toBe(
    'there is no identity "eve" in the definition, which has none',
  );
  expect(mockedIdentityOf("not JSON", IDENTITIES, LOCAL)).toEqual(expect.any(String));
});
