import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import {
  callerId,
  idOf,
  sessionArn,
  userArn,
} from "../../../../src/emulator/iam/rules/caller-arns.ts";

const place = { region: "us-east-1", accountId: "123456789012" };
const china = { ...place, region: "cn-north-1" };

test("ARNs of users and of role sessions are in the partition of their region", () => {
  expect(userArn("ann", place)).toBe("arn:aws:iam::123456789012:user/ann");
  expect(userArn("ann", china)).toBe("arn:aws-cn:iam::123456789012:user/ann");
  expect(sessionArn("chat", "say", place)).toBe("arn:aws:sts::123456789012:assumed-role/chat/say");
  expect(sessionArn("chat", "say", china)).toBe(
    "arn:aws-cn:sts::123456789012:assumed-role/chat/say",
  );
});

test("an id has a letter or a digit from 2 to 7 for each byte, by its lowest five bits", () => {
  expect(idOf(Uint8Array.of(0, 25, 26, 31, 32, 255))).toBe("AZ27A7");
});

/** The 17 characters of an id. */
const idFor = (seed: string) => idOf(createHash("sha256").update(seed).digest().subarray(0, 17));

test("a user's id is AIDA and 17 characters, the same for the same user", () => {
  const id = callerId(userArn("ann", place));
  expect(id).toBe(`AIDA${idFor("arn:aws:iam::123456789012:user/ann")}`);
  expect(id).toMatch(/^AIDA[A-Z2-7]{17}$/);
});

test("the id of a role's session is the role's id, and the session", () => {
  expect(callerId(sessionArn("chat", "say", place))).toBe(`AROA${idFor("chat")}:say`);
  expect(callerId(sessionArn("chat", "hear", place))).toBe(`AROA${idFor("chat")}:hear`);
});

test("a role below a path is known by path and name", () => {
  expect(callerId("arn:aws:sts::123456789012:assumed-role/team/chat/say")).toBe(
    `AROA${idFor("team/chat")}:say`,
  );
});
