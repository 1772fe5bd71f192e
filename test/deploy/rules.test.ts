import { expect, test } from "vitest";
import type { ProjectDefinition } from "../../src/definition/project.ts";
import type { StackEvent } from "../../src/deploy/aws/stacks.ts";
import { isThrottled, pollDelay, throttleDelay } from "../../src/deploy/rules/backoff.ts";
import {
  managedBucket,
  objectUrl,
  regionOfLocation,
  tlsOnlyPolicy,
} from "../../src/deploy/rules/bucket.ts";
import { isEmptyChangeSet, planChanges, saysNoUpdates } from "../../src/deploy/rules/change-set.ts";
import { chooseUrl, sortOutputs, webSocketUrl } from "../../src/deploy/rules/choose-url.ts";
import { planParameters } from "../../src/deploy/rules/parameters.ts";
import { keptResources, retainTables } from "../../src/deploy/rules/retain-tables.ts";
import { diagnose } from "../../src/deploy/rules/root-cause.ts";
import { NO_PROGRESS, takeEvents } from "../../src/deploy/rules/stack-events.ts";
import { deployedAs } from "../../src/deploy/rules/stack-name.ts";
import { decideStart, endingOf } from "../../src/deploy/rules/stack-status.ts";
import { stagesIn, stagesInWords } from "../../src/deploy/rules/stages-in-words.ts";
import type { Template } from "../../src/deploy/template.ts";
import { twoApis } from "../definition/definitions.ts";
import { projectOf, sample } from "./apis.ts";
import { change } from "./resource-change.ts";

test.each([
  [undefined, "create"],
  ["REVIEW_IN_PROGRESS", "create"],
  ["DELETE_COMPLETE", "create"],
  ["CREATE_IN_PROGRESS", "attach"],
  ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "attach"],
  ["DELETE_IN_PROGRESS", "attach"],
  ["ROLLBACK_COMPLETE", "replace"],
  ["ROLLBACK_FAILED", "replace"],
  ["CREATE_FAILED", "replace"],
  ["DELETE_FAILED", "replace"],
  ["UPDATE_ROLLBACK_FAILED", "stuck"],
  ["CREATE_COMPLETE", "update"],
  ["UPDATE_ROLLBACK_COMPLETE", "update"],
  ["UPDATE_FAILED", "update"],
])("a stack that is %s is to %s", (status, kind) => {
  expect(decideStart(status, "chat").kind).toBe(kind);
});

test.each([
  ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "running"],
  ["UPDATE_COMPLETE", "done"],
  ["UPDATE_ROLLBACK_COMPLETE", "failed"],
  ["DELETE_COMPLETE", "deleted"],
  ["DELETE_FAILED", "failed"],
])("%s means that an operation is %s", (status, ending) => {
  expect(endingOf(status)).toBe(ending);
});

function event(id: string, at: number, status: string, reason?: string): StackEvent {
  const stackId = "arn:stack/chat/1";
  const common = { stackId, stackName: "chat", physicalId: undefined, token: undefined };
  return { ...common, id, logicalId: "Talk", type: "AWS::Lambda::Function", status, reason, at };
}

test("events that come twice count once, and an older one does not undo a newer", () => {
  const one = takeEvents(NO_PROGRESS, [
    event("c", 3, "CREATE_COMPLETE"),
    event("a", 1, "CREATE_IN_PROGRESS"),
  ]);
  const two = takeEvents(one.progress, [
    event("c", 3, "CREATE_COMPLETE"),
    event("b", 2, "CREATE_IN_PROGRESS", "Resource creation Initiated"),
  ]);

  expect(one.fresh.map(({ id }) => id)).toEqual(["a", "c"]);
  expect(two.fresh.map(({ id }) => id)).toEqual(["b"]);
  expect([...two.progress.resources.values()]).toMatchObject([
    { status: "CREATE_COMPLETE", startedAt: 1, at: 3 },
  ]);
});

test("a resource keeps the reason that it gave until it gives another, and when it began", () => {
  const { progress } = takeEvents(NO_PROGRESS, [
    event("c", 7, "DELETE_FAILED"),
    event("b", 3, "DELETE_IN_PROGRESS", "Table is protected"),
    event("a", 2, "DELETE_IN_PROGRESS"),
  ]);

  expect([...progress.resources.values()]).toEqual([
    {
      stackName: "chat",
      logicalId: "Talk",
      type: "AWS::Lambda::Function",
      status: "DELETE_FAILED",
      reason: "Table is protected",
      startedAt: 2,
      at: 7,
    },
  ]);
});

test("events of one moment keep the order in which they happened", () => {
  const { fresh } = takeEvents(NO_PROGRESS, [
    event("b", 1, "CREATE_COMPLETE"),
    event("a", 1, "CREATE_IN_PROGRESS"),
  ]);

  expect(fresh.map(({ id }) => id)).toEqual(["a", "b"]);
});

test("the cause of a failure is the first that failed by itself, in any order of events", () => {
  const { cause, others } = diagnose([
    event("d", 4, "CREATE_FAILED", "later"),
    event("b", 2, "CREATE_FAILED", "Resource creation cancelled"),
    event("a", 1, "UPDATE_FAILED", "The following resource(s) failed to update: [Talk]."),
    event("c", 3, "CREATE_FAILED", "first"),
  ]);

  expect([cause, ...others].map((failure) => failure?.reason)).toEqual(["first", "later"]);
});

test.each([
  ["User: ann is not authorized to perform: iam:CreateRole", "permission"],
  ["The runtime parameter of nodejs18.x is no longer supported for creating", "runtime"],
  ["CloudWatch Logs role ARN must be set in account settings", "AWS::ApiGateway::Account"],
  ["S3 Error Code: NoSuchKey", "uploads it again"],
  ["Something else", "Fix the cause"],
])("advises on %s", (reason, advice) => {
  expect(diagnose([event("a", 1, "CREATE_FAILED", reason)]).hint).toContain(advice);
});

test("tells what a change set would lose before what it adds", () => {
  const changes = planChanges([
    change("New", "AWS::SNS::Topic", "Add"),
    change("Talk", "AWS::Lambda::Function", "Modify", "False", ["Code"]),
    change("Table", "AWS::DynamoDB::Table", "Modify", "Conditional"),
    change("Old", "AWS::DynamoDB::Table", "Remove"),
  ]);

  expect(changes.map(({ logicalId, effect }) => [logicalId, effect])).toEqual([
    ["Table", "maybe-replace"],
    ["Old", "remove"],
    ["New", "add"],
    ["Talk", "change"],
  ]);
});

test("describes the effect of each change on its resource, destructive ones first", () => {
  const table = (logicalId: string, action: string, replacement?: string) =>
    change(logicalId, "AWS::DynamoDB::Table", action, replacement);
  const changes = planChanges([
    table("Odd", "Dynamic"),
    table("Kept", "Modify", "False"),
    table("Brought", "Import"),
    table("Added", "Add"),
    table("B", "Remove"),
    table("A", "Remove"),
    table("Perhaps", "Modify", "Conditional"),
    table("Moved", "Modify", "True"),
    change("Topic", "AWS::SNS::Topic", "Remove"),
  ]);

  expect(changes.map(({ logicalId, effect }) => [logicalId, effect])).toEqual([
    ["Moved", "replace"],
    ["Perhaps", "maybe-replace"],
    ["A", "remove"],
    ["B", "remove"],
    ["Topic", "remove"],
    ["Added", "add"],
    ["Brought", "import"],
    ["Kept", "change"],
    ["Odd", "unknown"],
  ]);
});

test.each([
  [
    "FAILED",
    "The submitted information didn't contain changes. Submit different information.",
    true,
  ],
  ["FAILED", "no updates are to be performed", true],
  ["FAILED", "Access denied", false],
  ["FAILED", undefined, false],
  ["CREATE_COMPLETE", "didn't contain changes", false],
])("a change set that is %s for %j is empty: %s", (status, reason, isEmpty) => {
  expect(isEmptyChangeSet(status, reason)).toBe(isEmpty);
});

test.each([
  ["ValidationError", "No updates are to be performed.", true],
  ["ValidationError", "Stack with id chat does not exist", false],
  ["AccessDenied", "No updates are to be performed.", false],
])("the error %s: %s says that there is nothing to change: %s", (code, message, isSaid) => {
  expect(saysNoUpdates({ code, message })).toBe(isSaid);
});

test.each([
  [null, "us-east-1"],
  ["", "us-east-1"],
  ["EU", "eu-west-1"],
  ["eu-central-1", "eu-central-1"],
])("a bucket whose location is %j is in %s", (location, region) => {
  expect(regionOfLocation(location)).toBe(region);
});

test("names and closes buckets in every partition", () => {
  expect(managedBucket("1", "eu-west-1")).toBe("wsgw-artifacts-1-eu-west-1");
  expect(JSON.parse(tlsOnlyPolicy("b", "cn-north-1")).Statement[0]).toMatchObject({
    Effect: "Deny",
    Resource: ["arn:aws-cn:s3:::b", "arn:aws-cn:s3:::b/*"],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
  expect(objectUrl("b", "chat/x y.json", "eu-west-1")).toBe(
    "https://b.s3.eu-west-1.amazonaws.com/chat/x%20y.json",
  );
  expect(objectUrl("my.b", "k", "cn-north-1")).toBe(
    "https://s3.cn-north-1.amazonaws.com.cn/my.b/k",
  );
  expect(tlsOnlyPolicy("b", "eusc-de-east-1")).toContain("arn:aws-eusc:s3:::b");
  expect(objectUrl("b", "k", "eusc-de-east-1")).toBe("https://b.s3.eusc-de-east-1.amazonaws.eu/k");
});

test("a parameter keeps the value that the stack has unless one is given", () => {
  const declared = { ArtifactBucket: {}, Size: { Default: "1" }, Name: {}, Other: {} };

  const plan = planParameters(declared, { ArtifactBucket: "b", Nmae: "x" }, ["Name", "Gone"]);

  expect(plan).toEqual({
    values: { ArtifactBucket: "b" },
    kept: ["Name"],
    faults: [
      'The template has no parameter "Nmae". It has ArtifactBucket, Name, Other, Size.',
      'The parameter "Other" has no value and no default.',
    ],
  });
});

test("a retained table has an additional change, because CloudFormation ignores a policy alone", () => {
  const template: Template = {
    Resources: {
      T: { Type: "AWS::DynamoDB::Table", DeletionPolicy: "Delete", Properties: {} },
      F: { Type: "AWS::Lambda::Function" },
    },
  };

  const changed = retainTables(template)!;

  expect(keptResources(template)).toEqual([]);
  expect(keptResources(changed)).toEqual(["T"]);
  expect(changed.Resources.T?.Metadata).toEqual({ WsgwRetained: true });
  expect(retainTables(changed)).toBeUndefined();
  expect(retainTables({})).toBeUndefined();
});

test("waits longer the longer it takes, and never all at the same moment", () => {
  expect([pollDelay(1, 0), pollDelay(1, 1)]).toEqual([1800, 2200]);
  expect(pollDelay(500, 0.5)).toBe(10_000);
  expect([throttleDelay(1, 1), throttleDelay(2, 1), throttleDelay(9, 1)]).toEqual([
    2000, 4000, 30_000,
  ]);
  expect(isThrottled({ code: "Throttling", message: "Rate exceeded" })).toBe(true);
  expect(isThrottled({ code: "ValidationError", message: "no" })).toBe(false);
});

test("the URL for clients comes first, wsgw's own before others", () => {
  const output = (key: string, value: string) => ({ key, value, description: undefined });
  const outputs = [
    output("CustomDomainUrl", "wss://chat.example.com"),
    output("ApiId", "abc"),
    output("WebSocketUrl", "wss://abc/v1"),
  ];

  expect(webSocketUrl(outputs)).toBe("wss://abc/v1");
  expect(sortOutputs(outputs).map(({ key }) => key)).toEqual([
    "WebSocketUrl",
    "ApiId",
    "CustomDomainUrl",
  ]);
});

test.each([
  [{}, "chat", "v1"],
  [{ stage: "v1" }, "chat", "v1"],
  [{ stage: "prod" }, "chat-prod", "prod"],
  [{ stage: "prod", stackName: "x" }, "x", "prod"],
])("with %j the stack is %s and its stage %s", (naming, name, stage) => {
  expect(deployedAs(projectOf(sample), naming)).toMatchObject({
    name,
    apis: { chat: { name, stages: { [stage]: { name: stage } } } },
  });
});

test("the APIs of another stack have its name, each with its own", () => {
  const { name, apis } = deployedAs(projectOf(twoApis), { stackName: "test" });

  expect(name).toBe("test");
  expect(Object.values(apis).map((api) => api.name)).toEqual(["test-chat", "test-order-feed"]);
  expect(Object.keys(apis.chat?.stages ?? {})).toEqual(["v1", "v2"]);
});

test("reports name the only stage of a project, else the stages of each API", () => {
  const [one, two] = [projectOf(sample), projectOf(twoApis)];
  expect(stagesIn(one)).toEqual({ stage: "v1" });
  expect(stagesInWords(one)).toBe("stage v1");
  expect(stagesIn(two)).toEqual({
    apis: [
      { name: "chat", stages: ["v1", "v2"] },
      { name: "orders", stages: ["live"] },
    ],
  });
  expect(stagesInWords(two)).toBe("chat v1, v2; orders live");
});

test.each([
  [{ stage: "live" }, "shop", "shop-orders"],
  [{ stage: "prod" }, "shop-prod", "shop-prod-orders"],
])("with %j all APIs of the stack %s have that stage", (naming, name, orders) => {
  const { orders: api } = twoApis.apis;
  const stages = { live: {} };
  const apis = {
    chat: { ...api, name: "support", stages, customDomain: undefined },
    orders: { ...api, name: undefined, stages },
  } as unknown as ProjectDefinition["apis"];
  const deployed = deployedAs(
    projectOf({
      ...twoApis,
      apis,
      functions: { open: { handler: "a.b" }, talk: { handler: "a.b" } },
    }),
    naming,
  );

  expect(deployed.name).toBe(name);
  expect(deployed.apis.orders).toMatchObject({ name: orders });
  for (const each of Object.values(deployed.apis)) {
    expect(Object.keys(each.stages)).toEqual([naming.stage]);
  }
});

test("rejects --stage if it would replace several stages", () => {
  expect(() => deployedAs(projectOf(twoApis), { stage: "v2" })).toThrow(
    "--stage v2 cannot replace the stages of the API chat, which has several: v1, v2.",
  );
});

const output = (key: string, value: string) => ({ key, value, description: undefined });
const ONE = [output("ApiId", "a"), output("WebSocketUrl", "wss://a/v1")];
const SEVERAL = [
  ...ONE,
  output("OrdersApiId", "b"),
  output("OrdersApiWebSocketUrl", "wss://b/live"),
  output("ChatApiV2WebSocketUrl", "wss://a/v2"),
  output("ChatApiWebSocketUrl", "wss://a/v1"),
  output("ChatApiId", "a"),
  output("ChatApiApiWebSocketUrl", "wss://c/v3"),
  output("ChatApiApiId", "c"),
];
/** Of two APIs, as another tool may write them. */
const FOREIGN = [output("ChatUri", "wss://a/v1"), output("OrdersUri", "wss://b/v1")];
const ONE_API = SEVERAL.filter(({ key }) => !/^(Orders|ChatApiApi)/.test(key));

test.each([
  [ONE, {}, "wss://a/v1"],
  [ONE, { stage: "v1" }, "wss://a/v1"],
  [ONE, { api: "chat" }, "wss://a/v1"],
  [ONE, { api: "chat", stage: "v1" }, "wss://a/v1"],
  [[...ONE, output("CustomDomainUrl", "wss://chat.example.com")], { api: "chat" }, "wss://a/v1"],
  [[output("Uri", "wss://a/v1")], { api: "chat" }, "wss://a/v1"],
  [ONE_API, {}, "wss://a/v1"],
  [ONE_API, { stage: "v2" }, "wss://a/v2"],
  [SEVERAL, { api: "chat" }, "wss://a/v1"],
  [SEVERAL, { api: "ChatApi", stage: "v2" }, "wss://a/v2"],
  [SEVERAL, { api: "orders" }, "wss://b/live"],
  [SEVERAL, { api: "chatApi", stage: "v3" }, "wss://c/v3"],
])("among the outputs %j finds with %j the URL %s", (outputs, wanted, url) => {
  expect(chooseUrl(outputs, wanted)).toEqual({ url });
});

test.each([
  [SEVERAL, {}, "has several APIs. Choose one with --api: ChatApi, ChatApiApi, OrdersApi."],
  [SEVERAL, { api: "chta" }, 'has no API "chta". Its APIs: ChatApi, ChatApiApi, OrdersApi.'],
  [SEVERAL, { api: "chat", stage: "v3" }, 'has no stage "v3". It has v1, v2.'],
  [FOREIGN, { api: "chat" }, 'has no API "chat". Its outputs have none.'],
  [ONE, { api: "chat", stage: "v2" }, 'has no stage "v2". It has v1.'],
  [ONE, { stage: "v2" }, 'has no stage "v2". It has v1.'],
  [[], {}, "has no output with a WebSocket URL."],
])("a stack with the outputs %j has no URL for %j", (outputs, wanted, problem) => {
  expect(chooseUrl(outputs, wanted)).toEqual({ problem });
});
