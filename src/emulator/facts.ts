import * as v from "valibot";
import { API_GATEWAY_FACT, type ApiGatewayFact } from "./apigateway/facts.ts";
import type { WebSocketEvent } from "./apigateway/rules/event-types.ts";
import { DYNAMODB_FACT, type DynamoDbFact } from "./dynamodb/facts.ts";
import { IAM_FACT, type IamFact } from "./iam/facts.ts";
import { described, fact, WARNING, type Warning } from "./journal/facts.ts";
import type * as journal from "./journal/journal.ts";
import { LAMBDA_FACT, type LambdaFact } from "./lambda/facts.ts";
import { NETWORK_FACT, type NetworkFact } from "./network/facts.ts";

/** Facts about the project's files, and a test's interference. @internal */
export const PROJECT_FACT = v.variant("type", [
  fact(
    "code.reloaded",
    "A file changed, and functions run its new code from their next event on.",
    { functionNames: v.pipe(v.array(v.string()), v.readonly()), file: v.string() },
  ),
  fact(
    "fault.injected",
    "A fault of a test happened. Caused by the `function.started` that it affected, directly or through a call.",
    {
      fault: described(v.string(), 'As in the test, such as `post({"nth":2}).gone()`.'),
      connectionId: described(
        v.undefinedable(v.string()),
        "The connection of the affected event, post or line.",
      ),
      functionName: v.undefinedable(v.string()),
      awsRequestId: v.exactOptional(v.string()),
      seed: v.exactOptional(described(v.number(), "Seed of the fault, if it has a probability.")),
    },
  ),
  fact("fault.unused", "The gateway stopped, and a fault that a test had defined never happened.", {
    fault: v.string(),
  }),
  fact("project.broken", "The project has an error; the previous version keeps running.", {
    message: v.string(),
    hint: v.string(),
  }),
  fact("project.changed", "The definition changed, and the gateway applied the change.", {
    file: v.string(),
    needsRestart: v.pipe(
      v.array(v.string()),
      v.readonly(),
      v.description("Changes that need a restart."),
    ),
  }),
]);

export type ProjectFact = v.InferOutput<typeof PROJECT_FACT>;

/**
 * The schemas of all facts, by subject: tests parse with them, and `docs/facts.md` is generated from them.
 * @internal
 */
export const FACTS = {
  "Connections and messages": API_GATEWAY_FACT,
  Functions: LAMBDA_FACT,
  Tables: DYNAMODB_FACT,
  Permissions: IAM_FACT,
  "Calls of AWS": NETWORK_FACT,
  "The project": PROJECT_FACT,
  Warnings: WARNING,
} as const;

/** Everything that can be reported: past tense, plain data. Facts never control anything. */
export type Fact =
  | ApiGatewayFact
  | Exclude<LambdaFact, { readonly type: "function.started" }>
  // Routes send API Gateway events; other callers know their own payload.
  | (Omit<Extract<LambdaFact, { readonly type: "function.started" }>, "event"> &
      Readonly<Record<"event", WebSocketEvent>>)
  | DynamoDbFact
  | IamFact
  | NetworkFact
  | ProjectFact
  | Warning;

/** A fact with its time and cause. */
export type Entry = journal.Entry<Fact>;

/** Where facts are recorded and read. */
export type Journal = journal.Journal<Fact>;
