import { expect, test } from "vitest";
import type { Route } from "../../../../../src/definition/checked-project.ts";
import { screenMessage } from "../../../../../src/emulator/apigateway/message/rules/rejected-message.ts";
import type { RequestModels } from "../../../../../src/emulator/apigateway/message/rules/request-models.ts";
import { route } from "../../started-gateway.ts";

const SAY = route("say");
const NOTHING = route("say", { integration: { type: "none" } });
const MODELS: ReadonlyMap<string, RequestModels> = new Map([
  ["say", { expression: [{ kind: "text", text: "m" }], byKey: new Map() }],
]);
const NO_MODELS: typeof MODELS = new Map();

function screen(
  selected: Route | undefined,
  { throttled, models = NO_MODELS }: { throttled?: string; models?: typeof MODELS } = {},
) {
  return screenMessage({ text: "{}", route: selected, because: "not-json" }, throttled, models);
}

test("a message of a route with an integration reaches it", () => {
  expect(screen(SAY)).toEqual({ kind: "routed", route: SAY });
});

test("the limits come first, then the route, its models and its integration", () => {
  const throttled = "one too many";
  const details = undefined;

  expect(screen(undefined, { throttled, models: MODELS })).toEqual({
    kind: "rejected",
    message: "Too Many Requests",
    statusCode: 429,
    because: throttled,
    details,
  });
  expect(screen(undefined, { models: MODELS })).toEqual({
    kind: "rejected",
    message: "Forbidden",
    statusCode: 403,
    because: "not-json",
    details,
  });
  expect(screen(NOTHING, { models: MODELS })).toEqual({
    kind: "rejected",
    message: "Invalid request body",
    statusCode: 400,
    because: 'the route has no model for "m"',
    details,
  });
  expect(screen(NOTHING)).toEqual({
    kind: "rejected",
    message: "Internal server error",
    statusCode: 500,
    because: "say has no integration",
    details,
  });
});

test("a route whose function is not known says why", () => {
  const why = "the function is not in the template";

  expect(screen(route("say", { integration: { type: "none", because: why } }))).toMatchObject({
    message: "Internal server error",
    because: why,
  });
});
