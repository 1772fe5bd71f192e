import { expect, test } from "vitest";
import { createManualClock } from "../../../../src/clock.ts";
import type { AccountLimitsDefinition } from "../../../../src/definition/parts.ts";
import { Throttling } from "../../../../src/emulator/apigateway/throttling/throttling.ts";

type Api = Parameters<Throttling["message"]>[0];

function api(key: string, throttle?: object): Api {
  return { key, stages: { dev: { throttle }, prod: { throttle } } } as unknown as Api;
}

function start(account?: AccountLimitsDefinition) {
  const clock = createManualClock(0);
  return { clock, throttling: new Throttling(clock, () => account) };
}

const ONE = { rateLimit: 1, burstLimit: 1 };
const LIMITED = "is limited to 1 requests per second and bursts of 1";

test("without limits nothing is throttled", () => {
  const { throttling } = start();

  const calls = Array.from({ length: 10_001 }, () => throttling.call());
  expect(calls.filter((because) => because !== undefined)).toEqual([]);
  expect(throttling.handshake(api("a"), "dev")).toBeUndefined();
  expect(throttling.connectRoute(api("a"), "dev")).toBeUndefined();
  expect(throttling.message(api("a"), "dev", "say")).toBeUndefined();
  expect(throttling.message(api("a"), "nope", "say")).toBeUndefined();
});

test("the account's limit counts calls, handshakes and messages together", () => {
  const { clock, throttling } = start({ rateLimit: 1, burstLimit: 3 });
  const because = "the account is limited to 1 requests per second and bursts of 3";

  expect(throttling.call()).toBeUndefined();
  expect(throttling.handshake(api("a"), "dev")).toBeUndefined();
  expect(throttling.message(api("b"), "dev", "say")).toBeUndefined();
  expect(throttling.call()).toBe(because);
  expect(throttling.handshake(api("a"), "dev")).toBe(because);
  expect(throttling.message(api("b"), "dev", "say")).toBe(because);
  clock.advance(1000);
  expect(throttling.call()).toBeUndefined();
  expect(throttling.call()).toBe(because);
});

test("new connections have a limit of their own", () => {
  const { clock, throttling } = start({ newConnectionsPerSecond: 2 });
  const because = "the account is limited to 2 new connections per second";

  expect(throttling.handshake(api("a"), "dev")).toBeUndefined();
  expect(throttling.handshake(api("b"), "dev")).toBeUndefined();
  expect(throttling.handshake(api("a"), "dev")).toBe(because);
  expect(throttling.message(api("a"), "dev", "say")).toBeUndefined();
  clock.advance(500);
  expect(throttling.handshake(api("a"), "dev")).toBeUndefined();
  expect(throttling.handshake(api("a"), "dev")).toBe(because);
});

test("the routes of a stage share its limit, stages and APIs do not", () => {
  const { throttling } = start();
  const limited = (key: string) => api(key, { ...ONE, routes: {} });

  expect(throttling.message(limited("a"), "dev", "say")).toBeUndefined();
  expect(throttling.message(limited("a"), "dev", "ask")).toBe(`the stage dev ${LIMITED}`);
  expect(throttling.message(limited("a"), "dev", undefined)).toBe(`the stage dev ${LIMITED}`);
  expect(throttling.handshake(limited("a"), "dev")).toBe(`the stage dev ${LIMITED}`);
  expect(throttling.connectRoute(limited("a"), "dev")).toBeUndefined();
  expect(throttling.message(limited("a"), "prod", "say")).toBeUndefined();
  expect(throttling.message(limited("b"), "dev", "say")).toBeUndefined();
});

test("a route has a bucket of its own", () => {
  const { throttling } = start();
  const limited = api("a", { routes: { say: ONE, ask: ONE, $connect: ONE } });

  expect(throttling.message(limited, "dev", "say")).toBeUndefined();
  expect(throttling.message(limited, "dev", "say")).toBe(
    `the route say of the stage dev ${LIMITED}`,
  );
  expect(throttling.message(limited, "dev", "ask")).toBeUndefined();
  expect(throttling.message(limited, "dev", "other")).toBeUndefined();
  expect(throttling.handshake(limited, "dev")).toBeUndefined();
  expect(throttling.connectRoute(limited, "dev")).toBeUndefined();
  expect(throttling.connectRoute(limited, "dev")).toBe(
    `the route $connect of the stage dev ${LIMITED}`,
  );
  expect(throttling.handshake(limited, "dev")).toBeUndefined();
});
