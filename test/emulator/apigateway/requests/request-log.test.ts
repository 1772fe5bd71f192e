import { expect, test } from "vitest";
import type { Stage } from "../../../../src/definition/checked-project.ts";
import type { ApiGatewayFact } from "../../../../src/emulator/apigateway/facts.ts";
import { Metrics } from "../../../../src/emulator/apigateway/requests/prometheus-metrics.ts";
import { RequestLog } from "../../../../src/emulator/apigateway/requests/request-log.ts";
import type { EndedRequest } from "../../../../src/emulator/apigateway/requests/rules/ended-request.ts";
import { logStreamOf } from "../../../../src/emulator/apigateway/requests/rules/execution-log.ts";
import { createJournal, type FactId } from "../../../../src/emulator/journal/journal.ts";
import { api, countingIds, route } from "../started-gateway.ts";
import { ended } from "./ended.ts";

const REQUEST = ended({
  connection: { connectionId: "c", identity: { sourceIp: "127.0.0.1" } },
});

function loggedBy(
  stage: Partial<Stage> = {},
  settings: { logsAccess?: boolean; logsExecution?: boolean; metrics?: Metrics } = {},
) {
  const journal = createJournal<ApiGatewayFact>(() => 5);
  const log = new RequestLog(journal, {
    ids: countingIds(),
    region: "eu-west-1",
    accountId: "123456789012",
    arnOf: (name) => `arn:${name}`,
    logsAccess: false,
    logsExecution: false,
    metrics: undefined,
    ...settings,
  });
  const dev = { ...api([]).stages.dev!, ...stage };
  const served = api([route("say"), route("keyed", { apiKeyRequired: true })], { stages: { dev } });
  const take = (request: EndedRequest = REQUEST, name = "dev") =>
    log.of(served, name)?.(request, 3 as FactId);
  const lines = () =>
    journal.entries().flatMap((entry) => (entry.type === "execution.logged" ? [entry.line] : []));
  return { log, served, journal, take, lines };
}

const executionLog = (more: object = {}) => ({
  executionLog: { level: "INFO" as const, dataTrace: false, file: undefined, routes: {}, ...more },
});

test("a stage without logs and metrics takes no requests, and has no ids of invocations", () => {
  const { log, served } = loggedBy();

  expect(log.of(served, "dev")).toBeUndefined();
  expect(log.of(served, "other")).toBeUndefined();
  expect(log.invocationId(served, "dev")).toBeUndefined();
});

test("an access log has a line in the stage's own format", () => {
  const accessLog = { format: "$context.stage $context.status", file: undefined };
  const { log, served, journal, take } = loggedBy({ accessLog }, { logsAccess: true });

  take();

  expect(journal.entries()).toEqual([
    {
      type: "access.logged",
      connectionId: "c",
      api: "chat",
      stage: "dev",
      line: "dev 200",
      seq: 1,
      at: 5,
      id: 1,
      causedBy: 3,
    },
  ]);
  expect(log.invocationId(served, "dev")).toBeUndefined();
});

test("with the setting every stage has an access log in the default format", () => {
  const { journal, take } = loggedBy({}, { logsAccess: true });

  take();

  expect(journal.entries()).toMatchObject([
    { type: "access.logged", line: expect.stringContaining('"routeKey":"say"') },
  ]);
});

test("counts requests by API, stage and route, without a line in a log", () => {
  const metrics = new Metrics();
  const { journal, take } = loggedBy({}, { metrics });

  take();

  const dimensions = { apiId: "abcdef1234", stage: "dev", route: "say" };
  expect(metrics.counts(dimensions).MessageCount).toBe(1);
  expect(journal.entries()).toEqual([]);
});

test("an execution log has the lines of a request, and an id for its invocation", () => {
  const { log, served, journal, take, lines } = loggedBy(executionLog());

  take();

  expect(journal.entries()[0]).toEqual({
    type: "execution.logged",
    connectionId: "c",
    api: "chat",
    stage: "dev",
    requestId: "r",
    logGroup: "/aws/apigateway/abcdef1234/dev",
    logStream: logStreamOf("abcdef1234", "dev"),
    line: "(r) Extended Request Id: r",
    seq: 1,
    at: 5,
    id: 1,
    causedBy: 3,
  });
  expect(lines()).toHaveLength(7);
  expect(lines()[2]).toContain("route 'say' does not require API Key");
  expect(log.invocationId(served, "dev")).toBe("uuid-1");
});

test("an execution log knows the routes that require an API key", () => {
  const { take, lines } = loggedBy(executionLog());

  take({ ...REQUEST, routeKey: "keyed" });

  expect(lines()).toHaveLength(6);
  expect(lines().join()).not.toContain("does not require API Key");
});

test("an execution log has the trace id, the region and the ARN of its function", () => {
  const { take, lines } = loggedBy(executionLog({ dataTrace: true }));

  take({
    ...REQUEST,
    called: {
      kind: "function",
      event: {} as never,
      functionName: "send",
      awsRequestId: undefined,
      outcome: { kind: "timed-out" },
    },
  });

  const all = lines().join("\n");
  expect(all).toContain(
    "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/arn:send/invocations",
  );
  expect(all).toContain("X-Amzn-Trace-Id=trace-1");
  expect(all).toContain(
    "X-Amz-Source-Arn=arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/dev/say",
  );
});

test.each([
  ["its own level", { say: { level: "OFF" } }, []],
  ["its own data trace", { say: { dataTrace: true } }, ["Message: [{}]."]],
  ["the stage's level, when others have their own", { other: { level: "OFF" } }, ["Route: [say]"]],
])("a route has %s", (_, routes, parts) => {
  const { take, lines } = loggedBy(executionLog({ routes }));

  take({ ...REQUEST, called: { ...BACKEND } });

  if (parts.length === 0) expect(lines()).toEqual([]);
  for (const part of parts) expect(lines().join()).toContain(part);
});

const BACKEND = {
  kind: "backend",
  event: {} as never,
  headers: {},
  body: Buffer.of(),
  answer: undefined,
} as const;

test("a message without a route has the level of the stage", () => {
  const { take, lines } = loggedBy(executionLog());

  take({ ...REQUEST, routeKey: undefined });

  expect(lines()).toEqual(["(r) Extended Request Id: r"]);
});

test("with the setting every stage has an execution log of everything", () => {
  const { log, served, take, lines } = loggedBy({}, { logsExecution: true });

  take({ ...REQUEST, called: { ...BACKEND } });

  expect(lines().join()).toContain("Message: [{}].");
  expect(log.invocationId(served, "dev")).toBe("uuid-1");
});

test("with the setting a stage keeps its own execution log", () => {
  const { take, lines } = loggedBy(executionLog({ level: "ERROR" }), { logsExecution: true });

  take();

  expect(lines()).toEqual([]);
});
