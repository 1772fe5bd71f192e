import { expect, test } from "vitest";
import {
  FUNCTION_NAME_PATTERN,
  readFunctionName,
} from "../../../../../src/emulator/lambda/api/rules/function-name.ts";

const nothing = { qualifier: undefined, region: undefined, accountId: undefined };
const place = { region: "eu-west-1", accountId: "123456789012" };

test.each([
  ["worker", { name: "worker", ...nothing }],
  ["worker:live", { name: "worker", ...nothing, qualifier: "live" }],
  ["worker:$LATEST", { name: "worker", ...nothing, qualifier: "$LATEST" }],
  ["function:worker", { name: "worker", ...nothing }],
  [
    "123456789012:function:worker:7",
    { name: "worker", ...nothing, accountId: "123456789012", qualifier: "7" },
  ],
  [
    "arn:aws:lambda:eu-west-1:123456789012:function:worker",
    { name: "worker", ...place, qualifier: undefined },
  ],
  [
    "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:worker:$LATEST.PUBLISHED",
    {
      name: "worker",
      ...place,
      region: "us-gov-west-1",
      qualifier: "$LATEST.PUBLISHED",
    },
  ],
])("reads %s", (text, expected) => {
  expect({ ...readFunctionName(text) }).toEqual(expected);
  expect(text).toMatch(new RegExp(`^${FUNCTION_NAME_PATTERN}$`));
});

test.each(["us-iso-east-1", "us-isob-east-1", "us-gov-east-1"])("reads the region %s", (region) => {
  expect(readFunctionName(`${region}:worker`)).toMatchObject({ name: "worker", region });
});

test.each(["", "a b", "worker:", "worker:a:b", "arn:aws:sqs:eu-west-1:123456789012:worker"])(
  "cannot read %j",
  (text) => {
    expect(readFunctionName(text)).toBeUndefined();
  },
);

test("reads names of 256 characters and no longer ones", () => {
  expect(readFunctionName("x".repeat(256))?.name).toHaveLength(256);
  expect(readFunctionName("x".repeat(257))).toBeUndefined();
});
