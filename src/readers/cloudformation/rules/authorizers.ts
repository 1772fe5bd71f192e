import type { AuthorizerDefinition } from "../../../definition/parts.ts";
import type { Called } from "./functions-by-stage.ts";
import { type Resource, textsIn } from "./stack.ts";

/** The authorizer with the function that it calls; a string says why it has none here. */
export function authorizerOf(authorizer: Resource, called: Called): AuthorizerDefinition | string {
  if (called.key === undefined) return `${called.why}, so all clients can connect`;
  const sources = textsIn(authorizer.property("IdentitySource"));
  // API Gateway treats an array with one empty string as empty.
  return { function: called.key, identitySource: sources.join() === "" ? [] : sources };
}

/** Errors in an authorizer of a WebSocket API: properties with API Gateway's messages. */
export function authorizerProblems(
  authorizer: Resource,
): readonly (readonly [property: string, problem: string])[] {
  const type = authorizer.text("AuthorizerType");
  const expression = authorizer.text("IdentityValidationExpression");
  const credentials = authorizer.text("AuthorizerCredentialsArn");
  const problems: [property: string, problem: string][] = [];
  if (type !== "REQUEST") {
    const only =
      "Invalid authorizer type. Only REQUEST authorizer type is supported on WEBSOCKET protocol Apis.";
    problems.push(["AuthorizerType", only]);
  }
  for (const property of ONLY_HTTP) {
    if (authorizer.property(property) === undefined) continue;
    problems.push([property, `${property} cannot be set for WEBSOCKET protocol Apis.`]);
  }
  if (expression === "") {
    problems.push([
      "IdentityValidationExpression",
      "IdentityValidationExpression must not be empty.",
    ]);
  } else if (expression === "[") {
    // the one that was captured; other syntax that API Gateway rejects is unknown
    problems.push(["IdentityValidationExpression", `Invalid validation expression: ${expression}`]);
  }
  if (credentials !== undefined && !credentials.startsWith("arn:")) {
    problems.push(["AuthorizerCredentialsArn", "Invalid role ARN"]);
  }
  return problems;
}

const ONLY_HTTP = [
  "AuthorizerResultTtlInSeconds",
  "AuthorizerPayloadFormatVersion",
  "EnableSimpleResponses",
];
