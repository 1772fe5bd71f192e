import { expect, test } from "vitest";
import { Metrics } from "../../../../src/emulator/apigateway/requests/metrics.ts";
import type { EndedRequest } from "../../../../src/emulator/apigateway/requests/rules/ended-request.ts";

const request = (more: Partial<EndedRequest>): EndedRequest => ({
  eventType: "MESSAGE",
  routeKey: "say",
  status: 200,
  stamp: { requestId: "r", at: 0 },
  connection: { identity: { sourceIp: "127.0.0.1" } },
  ...more,
});

const countsOf = (more: Partial<EndedRequest>, metric: string): string | undefined => {
  const metrics = new Metrics();
  metrics.count("api1", "dev", request(more));
  return metrics
    .text()
    .split("\n")
    .find((line) => line.startsWith(`${metric}{`))
    ?.split(" ")
    .at(-1);
};

test("a label has its quotes, backslashes and line ends escaped", () => {
  const metrics = new Metrics();
  metrics.count("api1", "dev", request({ routeKey: 'a"b\\c\nd' }));

  expect(metrics.text()).toContain(
    'apigateway_message_count_total{api_id="api1",stage="dev",route="a\\"b\\\\c\\nd"} 1\n',
  );
});

test("every metric has a help and a type, also when nothing was counted", () => {
  const text = new Metrics().text();

  expect(text.match(/^# HELP /gm)).toHaveLength(6);
  expect(text.match(/^# TYPE \w+ (counter|summary)$/gm)).toHaveLength(6);
});

test("latencies add up, of those requests that called an integration", () => {
  const metrics = new Metrics();
  metrics.count("api1", "dev", request({ integrationLatency: 40 }));
  metrics.count("api1", "dev", request({ integrationLatency: 2.5 }));
  metrics.count("api1", "dev", request({}));

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
