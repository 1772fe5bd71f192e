import { fileURLToPath } from "node:url";
import type { ApiDefinition, GatewayOptions, TestGateway } from "../../src/testing/index.ts";
import { api, started } from "./gateways.ts";

export const withTable: ApiDefinition = api({
  // An SDK waits up to seconds of real time before each further attempt.
  functions: {
    all: { handler: "app.handler", timeout: 20, environment: { AWS_MAX_ATTEMPTS: "2" } },
  },
  connectionTable: { environmentVariable: "TABLE", attribute: "id" },
});

const root = fileURLToPath(new URL("../../fixtures/faults", import.meta.url));

/** A gateway of that handler, with a table of connections. */
export function startedWithSteps(options: GatewayOptions = {}): Promise<TestGateway> {
  return started(withTable, { root, ...options });
}

export function ask(...steps: readonly object[]): object {
  return { action: "ask", steps };
}
