import { expect, test } from "vitest";
import { Metrics } from "../../../../src/emulator/apigateway/requests/prometheus-metrics.ts";
import type { EndedRequest } from "../../../../src/emulator/apigateway/requests/rules/ended-request.ts";
import { ended } from "./ended.ts";

const countsOf = (more: Partial<EndedRequest>, metric: string): string | undefined => {
  const metrics = new Metrics();
  metrics.count("api1", "dev", ended(more));
  return metrics
    .text()
    .split("\n")
    .find((line) => line.startsWith(`${metric}{`))
    ?.split(" ")
    .at(-1);
};

test("a label has its quotes, backslashes and line ends escaped", () => {
  const metrics = new Metrics();
  metrics.count("api1", "dev", ended({ routeKey: 'a"b\\c\nd' }));

  expect(metrics.text()).toContain(
    'apigateway_message_count_total{api_id="api1",stage="dev",route="a\\"b\\\\c\\nd"} 1\n',
  );
});

test("every metric has a help and a type, also when nothing was counted", () => {
  expect(new Metrics().text()).toBe(`\
# HELP apigateway_connect_count_total Handshakes that reached $connect.
# TYPE apigateway_connect_count_total counter
# HELP apigateway_message_count_total Events and messages, both ways.
# TYPE apigateway_message_count_total counter
# HELP apigateway_client_error_total Requests that were answered with 4xx.
# TYPE apigateway_client_error_total counter
# HELP apigateway_execution_error_total Requests whose integration failed, or answered 5xx.
# TYPE apigateway_execution_error_total counter
# HELP apigateway_integration_error_total Always 0.
# TYPE apigateway_integration_error_total counter
# HELP apigateway_integration_latency_milliseconds How long integrations took.
# TYPE apigateway_integration_latency_milliseconds summary
`);
});

test("sums are over all series with the dimensions that are asked for", () => {
  const metrics = new Metrics();
  const rejected = { status: 400, error: { message: "no" } };
  metrics.count(
    "api1",
    "dev",
    ended({ eventType: "CONNECT", routeKey: "$connect", integrationLatency: 3 }),
  );
  metrics.count("api1", "dev", ended({ integrationLatency: 4 }));
  metrics.count("api1", "dev", ended(rejected));
  metrics.count("api1", "prod", ended({ status: 500 }));
  metrics.count("api1", "prod", ended({ routeKey: undefined }));
  metrics.count("api2", "dev", ended());
  const sums = (
    ConnectCount: number,
    MessageCount: number,
    ClientError: number,
    ExecutionError: number,
    SampleCount: number,
    Sum: number,
  ) => ({
    ConnectCount,
    MessageCount,
    ClientError,
    ExecutionError,
    IntegrationError: 0,
    IntegrationLatency: { SampleCount, Sum },
  });
  const counts = (apiId: string, stage?: string, route?: string) =>
    metrics.counts({ apiId, stage, route });

  expect(counts("api1")).toEqual(sums(1, 4, 1, 1, 2, 7));
  expect(counts("api1", "dev")).toEqual(sums(1, 3, 1, 0, 2, 7));
  expect(counts("api1", "dev", "say")).toEqual(sums(0, 2, 1, 0, 1, 4));
  expect(counts("api1", undefined, "say")).toEqual(sums(0, 3, 1, 1, 1, 4));
  expect(counts("api1", "prod", "")).toEqual(sums(0, 0, 0, 0, 0, 0));
  expect(counts("api2")).toEqual(sums(0, 1, 0, 0, 0, 0));
  expect(counts("api3")).toEqual(sums(0, 0, 0, 0, 0, 0));
});

test("latencies add up, of those requests that called an integration", () => {
  const metrics = new Metrics();
  metrics.count("api1", "dev", ended({ integrationLatency: 40 }));
  metrics.count("api1", "dev", ended({ integrationLatency: 2.5 }));
  metrics.count("api1", "dev", ended({}));

  const labels = '{api_id="api1",stage="dev",route="say"}';
  expect(metrics.text()).toContain(`milliseconds_sum${labels} 42.5\n`);
  expect(metrics.text()).toContain(`milliseconds_count${labels} 2\n`);
});

test("a message that its model rejects is one message and one client error", () => {
  const refused = {
    status: 400,
    error: { message: "Invalid request body" },
    isAnswered: true,
  };

  expect(countsOf(refused, "apigateway_message_count_total")).toBe("1");
  expect(countsOf(refused, "apigateway_client_error_total")).toBe("1");
});

test("a message whose function fails is counted both ways, and as an execution error", () => {
  const failed = { status: 502, error: { message: "Internal server error" }, isAnswered: true };

  expect(countsOf(failed, "apigateway_message_count_total")).toBe("2");
  expect(countsOf(failed, "apigateway_execution_error_total")).toBe("1");
});

test("of the calls of @connections only posts count as messages, and none has a latency", () => {
  const call = (method: string) => ({
    eventType: "CONNECTION_API" as const,
    routeKey: `${method} /@connections/{connectionId}`,
    integrationLatency: 0,
  });

  expect(countsOf(call("POST"), "apigateway_message_count_total")).toBe("1");
  expect(countsOf(call("DELETE"), "apigateway_message_count_total")).toBe("0");
  const latencies = "apigateway_integration_latency_milliseconds_count";
  expect(countsOf(call("POST"), latencies)).toBe("0");
});
