import { expect, test } from "vitest";
import { refuseMissingLookups } from "../../../src/readers/cdk/missing-lookups.ts";

const assembly = (missing: readonly string[]) => ({
  directory: "/app/cdk.out",
  writtenAt: 0,
  missing,
  stacks: [],
  files: [],
});

test("an assembly that is missing lookups is refused only if the one before is missing none", () => {
  const complete = assembly([]);
  const incomplete = assembly(["ami:x", "vpc-provider:x"]);

  expect(() => refuseMissingLookups(incomplete, complete, "/app")).toThrow(
    "The app needs lookups in an account: ami:x, vpc-provider:x. cdk.out stays in use.",
  );
  for (const [next, known] of [
    [incomplete, incomplete],
    [incomplete, undefined],
    [complete, complete],
  ] as const) {
    expect(() => refuseMissingLookups(next, known, "/app")).not.toThrow();
  }
});
