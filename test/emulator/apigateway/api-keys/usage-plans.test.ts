import { expect, test } from "vitest";
import { createManualClock } from "../../../../src/clock.ts";
import type { UsagePlan } from "../../../../src/definition/checked-project.ts";
import { UsagePlans } from "../../../../src/emulator/apigateway/api-keys/usage-plans.ts";
import { Throttling } from "../../../../src/emulator/apigateway/throttling/throttling.ts";
import { api, route, START } from "../started-gateway.ts";

const VALUE = { ann: "ann-key-0123456789012345", bob: "bob-key-0123456789012345" };
const DAY = 24 * 60 * 60 * 1000;

function plansWith(plan: Partial<UsagePlan> = {}) {
  const clock = createManualClock(START);
  const throttling = new Throttling(clock, () => undefined);
  const key = (name: "ann" | "bob") => ({
    name,
    value: VALUE[name],
    description: undefined,
    enabled: true,
    isMadeHere: false,
  });
  const free = {
    name: "free",
    description: undefined,
    throttle: undefined,
    quota: undefined,
    apiKeys: ["ann", "bob"],
    apiStages: [{ api: "chat", stage: "dev" }],
    ...plan,
  };
  const project = { apiKeys: { ann: key("ann"), bob: key("bob") }, usagePlans: { free } };
  const plans = new UsagePlans({
    clock,
    throttling,
    project: () => project,
    idOf: (name) => `id of ${name}`,
  });
  const admit = (value: string | undefined, { apiKeyRequired = true, byAuthorizer = false } = {}) =>
    plans.admit({
      api: api([route("$connect", { apiKeyRequired })], {
        apiKeySelectionExpression: byAuthorizer
          ? "$context.authorizer.usageIdentifierKey"
          : "$request.header.x-api-key",
      }),
      stage: "dev",
      rawHeaders: byAuthorizer || value === undefined ? [] : ["X-Api-Key", value],
      usageIdentifierKey: byAuthorizer ? value : "other",
    });
  return { clock, plans, admit };
}

const admitted = (name: "ann" | "bob") => ({
  kind: "admitted",
  identity: { apiKey: VALUE[name], apiKeyId: `id of ${name}` },
});

test.each([false, true])("admits a good key, from the authorizer: %s", (byAuthorizer) => {
  const { admit } = plansWith();

  expect(admit(VALUE.ann, { byAuthorizer })).toEqual(admitted("ann"));
});

test("rejects a bad key where $connect requires one", () => {
  const { admit } = plansWith();

  expect(admit("x")).toEqual({
    kind: "rejected",
    cause: "api-key",
    because: "the header x-api-key is not the value of an API key",
  });
  expect(admit(undefined)).toEqual({
    kind: "rejected",
    cause: "api-key",
    because: "the header x-api-key is missing or empty, and $connect requires an API key",
  });
});

test("where $connect requires no key, a sent one is in the event and counts towards no limit", () => {
  const { admit } = plansWith({
    throttle: { rateLimit: 1, burstLimit: 1 },
    quota: { limit: 1, period: "DAY" },
  });
  const free = { apiKeyRequired: false };

  expect(admit(undefined, free)).toEqual({ kind: "admitted", identity: {} });
  expect(admit("", free)).toEqual({ kind: "admitted", identity: {} });
  expect(admit("x", free)).toEqual({ kind: "admitted", identity: { apiKey: "x" } });
  expect(admit(VALUE.ann, free)).toEqual(admitted("ann"));
  expect(admit(VALUE.ann, free)).toEqual(admitted("ann"));
  expect(admit(VALUE.ann)).toEqual(admitted("ann"));
});

test("an API without $connect requires no key", () => {
  const { plans } = plansWith();

  expect(
    plans.admit({ api: api([]), stage: "dev", rawHeaders: [], usageIdentifierKey: undefined }),
  ).toEqual({ kind: "admitted", identity: {} });
});

test("each key has its own rate", () => {
  const { clock, admit } = plansWith({ throttle: { rateLimit: 1, burstLimit: 1 } });
  const throttled = {
    kind: "rejected",
    cause: "throttled",
    because:
      "the usage plan free is limited to 1 requests per second and bursts of 1 from the API key ann",
  };

  expect(admit(VALUE.ann)).toEqual(admitted("ann"));
  expect(admit(VALUE.ann)).toEqual(throttled);
  expect(admit(VALUE.bob)).toEqual(admitted("bob"));
  clock.advance(1000);
  expect(admit(VALUE.ann)).toEqual(admitted("ann"));
});

test("each key has its own quota, until its period ends", () => {
  const { clock, admit } = plansWith({ quota: { limit: 2, period: "DAY" } });
  const usedUp = (day: string) => ({
    kind: "rejected",
    cause: "quota-exceeded",
    because: `the quota of the usage plan free, 2 a day for the API key ann, is used up until ${day}T00:00:00.000Z`,
  });

  expect(admit(VALUE.ann)).toEqual(admitted("ann"));
  clock.advance(DAY - 1);
  expect(admit(VALUE.ann)).toEqual(admitted("ann"));
  expect(admit(VALUE.ann)).toEqual(usedUp("2026-01-02"));
  expect(admit(VALUE.bob)).toEqual(admitted("bob"));
  clock.advance(1);
  expect(admit(VALUE.ann)).toEqual(admitted("ann"));
  expect(admit(VALUE.ann)).toEqual(admitted("ann"));
  expect(admit(VALUE.ann)).toEqual(usedUp("2026-01-03"));
});

test("throttled handshakes do not count towards the quota", () => {
  const { clock, admit } = plansWith({
    throttle: { rateLimit: 1, burstLimit: 1 },
    quota: { limit: 2, period: "DAY" },
  });

  expect(admit(VALUE.ann)).toEqual(admitted("ann"));
  expect(admit(VALUE.ann)).toMatchObject({ cause: "throttled" });
  clock.advance(1000);
  expect(admit(VALUE.ann)).toEqual(admitted("ann"));
});
