import { expect, test } from "vitest";
import { checkProject } from "../../src/definition/checks.ts";
import { parseRouteExpression } from "../../src/emulator/apigateway/message/rules/route-expression.ts";

const base = {
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { all: { handler: "a.b" } },
  routes: { $default: { function: "all" } },
};

const check = (definition: object) =>
  checkProject({ ...base, ...definition }, "f", { parseExpression: parseRouteExpression }).project;

test("fills in what a definition does not say about deploying", () => {
  const project = check({
    tables: { messages: { partitionKey: { name: "id", type: "S" } } },
    connectionTable: { environmentVariable: "TABLE", attribute: "id" },
  });

  expect(project.deploy).toMatchObject({
    autoDeploy: false,
    logRetention: 30,
    logging: undefined,
    tags: {},
  });
  expect(project.tables.messages?.deletionPolicy).toBe("Retain");
  expect(project.tables.connections?.deletionPolicy).toBe("Delete");
  expect(project.functions.all?.role).toBeUndefined();
});

test("an access log has a format of its own, or the usual one", () => {
  const format = (accessLog: unknown) =>
    check({ deploy: { logging: { accessLog } } }).deploy.logging;

  expect(format(true)?.accessLog).toContain('"requestId":"$context.requestId"');
  expect(format("$context.requestId $context.routeKey")).toEqual({
    level: "OFF",
    dataTrace: false,
    accessLog: "$context.requestId $context.routeKey",
  });
  expect(format(false)).toBeUndefined();
});

test.each([
  [
    { deploy: { logRetention: 8 } },
    "deploy.logRetention: 8 is not a number of days that CloudWatch Logs accepts. Choose one of 1, 3, 5",
  ],
  [
    { deploy: { logging: { accessLog: "x" } } },
    'deploy.logging.accessLog: "x" is not a format of an access log',
  ],
  [
    { deploy: { logging: { level: "WARN" } } },
    'deploy.logging.level: "WARN" is not a level (ERROR, INFO)',
  ],
  [{ deploy: { tags: { "aws:x": "1" } } }, '"aws:" is AWS\'s own'],
  [{ deploy: { tags: { "a*b": "1" } } }, '"a*b" cannot name a tag'],
  [
    { deploy: { tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`t${i}`, ""])) } },
    "51 tags exceed the limit of 50 for a stack. Remove some.",
  ],
  [{ deploy: { autoDeploi: true } }, 'Did you mean "autoDeploy"'],
  [
    { functions: { all: { handler: "a.b", role: "a/b" } } },
    'functions.all.role: "a/b" is not the name of a role',
  ],
  [
    { functions: { all: { handler: "a.b", role: "r", roleStatements: [] } } },
    "functions.all.roleStatements: cannot be combined with `role`, which refers to an existing role. Add the statements to that role, or omit `role`.",
  ],
  [
    { customDomain: { name: "a.example.com", certificateArn: "arn:aws:iam::1:x" } },
    "is not the ARN of a certificate",
  ],
  [
    { tables: { m: { partitionKey: { name: "i", type: "S" }, deletionPolicy: "Snapshot" } } },
    'tables.m.deletionPolicy: "Snapshot" is not a deletion policy (Delete, Retain)',
  ],
])("rejects %j", (definition, message) => {
  expect(() => check(definition)).toThrow(message);
});
