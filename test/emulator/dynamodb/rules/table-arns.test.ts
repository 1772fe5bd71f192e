import { expect, test } from "vitest";
import { modelled } from "../../../../src/emulator/dynamodb/rules/rejections.ts";
import { nameTables } from "../../../../src/emulator/dynamodb/rules/table-arns.ts";

const ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/chat";
const name = (input: Record<string, unknown>) => nameTables(input, "eu-west-1", "123456789012");

test("a call that names tables stays as it is", () => {
  const input = { TableName: "chat", RequestItems: { chat: 1 } };

  expect(name(input)).toEqual({ kind: "named", input, restore: undefined });
  expect(name({ RequestItems: null })).toMatchObject({ kind: "named", restore: undefined });
});

test("the ARN of a table becomes its name", () => {
  expect(name({ TableName: ARN, Limit: 1 })).toEqual({
    kind: "named",
    input: { TableName: "chat", Limit: 1 },
    restore: undefined,
  });
});

test.each([ARN.replace("eu-west-1", "eu-west-2"), ARN.replace("123456789012", "111122223333")])(
  "the table %s is somewhere else",
  (arn) => {
    const rejection = modelled("ResourceNotFoundException", "Requested resource not found");

    expect(name({ TableName: arn })).toEqual({ kind: "rejected", rejection });
    expect(name({ RequestItems: { [arn]: 1 } })).toEqual({ kind: "rejected", rejection });
  },
);

test.each([`${ARN}/index/x`, `x${ARN}`.slice(1).replace("table", "stream"), "arn:"])(
  "the store says what is wrong with %s",
  (arn) => {
    expect(name({ TableName: arn })).toMatchObject({ input: { TableName: arn } });
  },
);

test("an answer about several tables has the ARNs that the call had", () => {
  const named = name({ RequestItems: { [ARN]: [1], other: [2] } });
  if (named.kind === "rejected") throw new Error("refused");

  expect(named.input).toEqual({ RequestItems: { chat: [1], other: [2] } });
  for (const member of ["Responses", "UnprocessedKeys", "UnprocessedItems"]) {
    const answer = JSON.stringify({ [member]: { chat: [1], other: [2] }, more: { chat: 1 } });
    expect(JSON.parse(named.restore?.(answer) ?? "")).toEqual({
      [member]: { [ARN]: [1], other: [2] },
      more: { chat: 1 },
    });
  }
});
