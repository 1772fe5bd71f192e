import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import {
  type ApiDefinition,
  type GatewayOptions,
  startGateway,
  type TestGateway,
} from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";
import { project } from "../readers/projects.ts";

export const ok = async () => ({ statusCode: 200 });

/** `all` serves every route; messages of `ask` are answered with what it returns. */
export function api(more: Partial<ApiDefinition> = {}): ApiDefinition {
  return {
    name: "harness",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "dev" },
    functions: { all: { handler: "app.handler", timeout: 20 } },
    routes: {
      $connect: { function: "all" },
      $disconnect: { function: "all" },
      $default: { function: "all" },
      ask: { function: "all", routeResponse: true },
    },
    ...more,
  };
}

export async function started(
  definition: ApiDefinition,
  options: GatewayOptions = {},
): Promise<TestGateway> {
  const gateway = await startGateway(definition, { waitMs: 30_000, ...options });
  onTestFinished(() => stopChecked(gateway));
  return gateway;
}

/** A gateway whose only function is this one. */
export function startedWith(
  all: NonNullable<GatewayOptions["handlers"]>[string],
  options: GatewayOptions = {},
): Promise<TestGateway> {
  return started(api(), { handlers: { all }, ...options });
}

/** A gateway whose only function is in a file with this text. */
export function startedFrom(
  text: string,
  definition: ApiDefinition = api(),
  options: GatewayOptions = {},
): Promise<TestGateway> {
  const { root } = project({ "app.js": text, "package.json": "{}" });
  return started(definition, { root, ...options });
}

/** Posts the message's `data` to all ids in its `to`. A directory that stays, so that its SDK is bundled once. */
export function startedPosting(options: GatewayOptions = {}): Promise<TestGateway> {
  return started(api(), { root: POSTS, ...options });
}

const POSTS = fileURLToPath(new URL("../../fixtures/posts", import.meta.url));
