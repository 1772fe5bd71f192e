import type { Strings } from "../../rules/event-types.ts";
import type { IntegrationFailure } from "./integration-end.ts";
import { inBody, selectTemplate } from "./select-template.ts";

/** The payload of an integration: the output of a template, the message itself, or nothing. */
export type RequestPayload =
  | { readonly kind: "template"; readonly source: string }
  | { readonly kind: "passed-through" }
  | IntegrationFailure;

type RequestTemplates = {
  readonly requestTemplates?: Strings | undefined;
  readonly templateSelectionExpression?: string | undefined;
  readonly passthroughBehavior?: "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER" | undefined;
};

/**
 * Selects the payload for a message. If no template matches, `passthroughBehavior` decides.
 * @see https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations-integrationid.html
 */
export function choosePayload(integration: RequestTemplates, body: string): RequestPayload {
  const { requestTemplates = {}, templateSelectionExpression, passthroughBehavior } = integration;
  const source = selectTemplate(requestTemplates, templateSelectionExpression, inBody(body));
  if (source !== undefined) return { kind: "template", source };
  const hasTemplates = Object.keys(requestTemplates).length > 0;
  const isRejected =
    passthroughBehavior === "NEVER" ||
    (passthroughBehavior === "WHEN_NO_TEMPLATES" && hasTemplates);
  return isRejected
    ? {
        kind: "failed",
        statusCode: 415,
        message: "Unsupported Media Type",
        because: `no request template matches, and passthroughBehavior is ${passthroughBehavior}`,
      }
    : { kind: "passed-through" };
}
