import { onTestFinished } from "vitest";
import "../../src/testing/vitest.ts";
import {
  type ApiDefinition,
  type GatewayOptions,
  startGateway,
  type TestGateway,
} from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";

/** A definition whose routes each have a function of the same name without the `$`. */
export function apiOf(
  routeKeys: readonly string[],
  more: Partial<ApiDefinition> = {},
): ApiDefinition {
  const names = routeKeys.map((routeKey) => routeKey.replace("$", ""));
  return {
    name: "scenario",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "dev" },
    functions: Object.fromEntries(names.map((name) => [name, { handler: `unused.${name}` }])),
    routes: Object.fromEntries(
      routeKeys.map((routeKey) => [routeKey, { function: routeKey.replace("$", "") }]),
    ),
    ...more,
  };
}

const ok = async () => ({ statusCode: 200 });

/**
 * A gateway that is stopped when the test has finished. Of a definition that is given as a value,
 * functions without a handler in `options` answer 200.
 */
export async function gatewayFor(
  definition: ApiDefinition | string,
  options: GatewayOptions = {},
): Promise<TestGateway> {
  const names = typeof definition === "string" ? [] : Object.keys(definition.functions);
  const handlers = { ...Object.fromEntries(names.map((name) => [name, ok])), ...options.handlers };
  const gateway = await startGateway(definition, { waitMs: 30_000, ...options, handlers });
  onTestFinished(() => stopChecked(gateway));
  return gateway;
}
