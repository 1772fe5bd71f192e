import { expect, test } from "vitest";
import { createManualClock } from "../../../src/clock.ts";
import type { IamFact } from "../../../src/emulator/iam/facts.ts";
import { Permissions } from "../../../src/emulator/iam/permissions.ts";
import { createJournal, type Warning } from "../../../src/emulator/journal/journal.ts";
import { localProjectOf } from "../../local-project.ts";

const STATEMENT = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };

function follow(environment: object, statement: object = STATEMENT) {
  const api = (fn: string) => ({
    routeSelectionExpression: "$request.body.action",
    stages: { dev: {} },
    routes: { $default: { function: fn } },
  });
  const local = localProjectOf({
    name: "p",
    apis: { one: api("talk"), two: api("other") },
    functions: {
      talk: { handler: "x.talk", environment: { URL: "https://two" }, roleStatements: [statement] },
      other: { handler: "x.other" },
    },
  });
  const { talk } = local.functions;
  if (talk === undefined) throw new Error("talk is missing");
  const clock = createManualClock(1_700_000_000_999);
  const journal = createJournal<IamFact | Warning>(() => clock.now());
  const apiIdOf = (name: string) => `${name}-id`;
  const permissions = new Permissions({
    mode: "enforce",
    file: "wsgw.config.ts",
    apiIdOf,
    clock,
    journal,
  });
  permissions.follow(local, { functions: { talk: { ...talk, environment } as typeof talk } });
  return (action: string, resource: string) =>
    permissions.check({
      functionName: "talk",
      action,
      resource: () => resource,
      because: undefined,
    });
}

test("a function may post to an API whose callback URL it is given by a reference", () => {
  const post = [
    "execute-api:ManageConnections",
    "arn:aws:execute-api:us-east-1:123456789012:p-two-id/dev/POST/@connections/{connectionId}",
  ] as const;

  expect(follow({ URL: { ref: "api.two.callbackUrl" } })(...post)).toBeUndefined();
  expect(follow({ URL: "https://two" })(...post)).toMatchObject({ decision: "implicit-deny" });
});

test("the region that is asked for is that of the resource", () => {
  const check = follow(
    {},
    {
      Effect: "Allow",
      Action: "dynamodb:*",
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } },
    },
  );
  const table = (region: string) => `arn:aws:dynamodb:${region}:123456789012:table/t`;

  expect(check("dynamodb:PutItem", table("eu-west-1"))).toBeUndefined();
  expect(check("dynamodb:PutItem", table("us-east-1"))).toMatchObject({
    action: "dynamodb:PutItem",
  });
});

test.each([
  ["aws:CurrentTime", "DateEquals", "2023-11-14T22:13:20.999Z"],
  ["aws:EpochTime", "NumericEquals", "1700000000"],
  ["aws:PrincipalAccount", "StringEquals", "123456789012"],
  ["aws:PrincipalArn", "StringEquals", "arn:aws:iam::123456789012:role/talk"],
  ["aws:ResourceAccount", "StringEquals", "123456789012"],
])("a condition may depend on %s", (key, operator, value) => {
  const table = "arn:aws:dynamodb:us-east-1:123456789012:table/t";
  const check = (written: string) =>
    follow(
      {},
      {
        Effect: "Allow",
        Action: "dynamodb:*",
        Resource: "*",
        Condition: { [operator]: { [key]: written } },
      },
    )("dynamodb:PutItem", table);
  expect(check(value)).toBeUndefined();
  expect(check(value.replace(/\d(?!.*\d)|talk/, "7"))).toMatchObject({ decision: "implicit-deny" });
});
