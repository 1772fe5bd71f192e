import { expect, test } from "vitest";
import { choosePayload } from "../../../../../src/emulator/apigateway/integrations/rules/passthrough-behavior.ts";

test.each([
  [{}, { kind: "passed-through" }],
  [{ requestTemplates: { a: "T" } }, { kind: "template", source: "T" }],
  [{ passthroughBehavior: "WHEN_NO_MATCH" }, { kind: "passed-through" }],
  [{ passthroughBehavior: "WHEN_NO_TEMPLATES" }, { kind: "passed-through" }],
  [
    { passthroughBehavior: "NEVER" },
    {
      kind: "failed",
      statusCode: 415,
      message: "Unsupported Media Type",
      because: "no request template matches, and passthroughBehavior is NEVER",
    },
  ],
  [
    {
      passthroughBehavior: "WHEN_NO_TEMPLATES",
      requestTemplates: { a: "T" },
      templateSelectionExpression: "b",
    },
    {
      kind: "failed",
      statusCode: 415,
      message: "Unsupported Media Type",
      because: "no request template matches, and passthroughBehavior is WHEN_NO_TEMPLATES",
    },
  ],
  [
    {
      passthroughBehavior: "WHEN_NO_MATCH",
      requestTemplates: { a: "T" },
      templateSelectionExpression: "b",
    },
    { kind: "passed-through" },
  ],
  [
    {
      passthroughBehavior: "NEVER",
      requestTemplates: { say: "T" },
      templateSelectionExpression: "${request.body.action}",
    },
    { kind: "template", source: "T" },
  ],
] as const)("the payload of %o is %o", (integration, payload) => {
  expect(choosePayload(integration, '{"action":"say"}')).toEqual(payload);
});
