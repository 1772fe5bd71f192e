import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import type { TestGateway } from "../../../src/testing/index.ts";
import { buildLambdaChild } from "../../lambda-child.ts";
import { gatewayFor } from "../support.ts";

const config = fileURLToPath(new URL("../../../wsgw.config.ts", import.meta.url));
const HELLO = '{"message":"sendmessage", "data":"hello world !"}';

beforeAll(() => buildLambdaChild());

const MANY = 1000;

test("a thousand clients of the sample chat hear one message and leave no row behind", async () => {
  const gateway = await gatewayFor(config, { runtime: "child-process", waitMs: 120_000 });
  const environments = countEnvironments(gateway);
  const unfinished: unknown[] = [];
  gateway.journal.subscribe((fact) => {
    if (fact.type === "function.unfinished") unfinished.push(fact);
  });
  const clients = await Promise.all(Array.from({ length: MANY }, () => gateway.connect()));

  clients[0]?.send(HELLO);
  const heard = await Promise.all(clients.map((client) => client.next({ timeoutMs: 120_000 })));
  await Promise.all(clients.map((client) => client.close()));
  await gateway.fact("connection.closed", () => gateway.facts("connection.closed").length === MANY);
  await gateway.settled();

  expect(new Set(heard)).toEqual(new Set(['"hello world !"']));
  expect(await gateway.table("connections").items()).toEqual([]);
  expect(environments.size).toBeGreaterThan(0);
  for (const count of environments.values()) expect(count).toBeLessThanOrEqual(10);
  expect(unfinished).toEqual([]);
}, 180_000);

/** How many environments each function has had. None of them breaks, and none leaves within a minute. */
function countEnvironments(gateway: TestGateway): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  gateway.journal.subscribe((fact) => {
    if (fact.type !== "function.started" || !fact.cold) return;
    counts.set(fact.functionName, (counts.get(fact.functionName) ?? 0) + 1);
  });
  return counts;
}
