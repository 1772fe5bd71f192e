import * as v from "valibot";
import { API_GATEWAY_FACT, type ApiGatewayFact } from "./apigateway/facts.ts";
import type { WebSocketEvent } from "./apigateway/rules/events.ts";
import { DYNAMODB_FACT, type DynamoDbFact } from "./dynamodb/facts.ts";
import { IAM_FACT, type IamFact } from "./iam/facts.ts";
import { described, fact, WARNING, type Warning } from "./journal/facts.ts";
import type * as journal from "./journal/journal.ts";
import { LAMBDA_FACT, type LambdaFact } from "./lambda/facts.ts";
import { NETWORK_FACT, type NetworkFact } from "./network/facts.ts";

/** What happens to the project's files, and what a test has go wrong. @internal */
export const PROJECT_FACT = v.variant("type", [
  fact(
    "code.reloaded",
    "A file changed, and functions run its new code from their next event on.",
    { functionNames: v.pipe(v.array(v.string()), v.readonly()), file: v.string() },
  ),
  fact(
    "fault.injected",
    "A test made something go wrong on purpose. Caused by the `function.started` that it applied to, if it applied to one or to a call of one.",
    {
      fault: described(v.string(), 'As the test wrote it, such as `post({"nth":2}).gone()`.'),
      connectionId: described(
        v.undefinedable(v.string()),
        "The connection of the event, post or line that it applied to.",
      ),
      functionName: v.undefinedable(v.string()),
      awsRequestId: v.exactOptional(v.string()),
      seed: v.exactOptional(
        described(v.number(), "Of the draws, when the fault has a probability."),
      ),
    },
  ),
  fact("fault.unused", "The gateway stopped before a fault that a test had set up took place.", {
    fault: v.string(),
  }),
  fact(
    "project.broken",
    "Something in the project cannot be used; what ran before keeps running.",
    { message: v.string(), hint: v.string() },
  ),
  fact("project.changed", "The definition changed, and the gateway follows it.", {
    file: v.string(),
    needsRestart: v.pipe(
      v.array(v.string()),
      v.readonly(),
      v.description("What changes only when wsgw is started again."),
    ),
  }),
]);

export type ProjectFact = v.InferOutput<typeof PROJECT_FACT>;

/** The description of every fact, by subject: tests parse by it, and `docs/facts.md` is made from it. @internal */
export const FACTS = {
  "Connections and messages": API_GATEWAY_FACT,
  Functions: LAMBDA_FACT,
  Tables: DYNAMODB_FACT,
  Permissions: IAM_FACT,
  "Calls of AWS": NETWORK_FACT,
  "The project": PROJECT_FACT,
  Warnings: WARNING,
} as const;

/** Everything that can be reported: past tense, plain data. Facts never steer. */
export type Fact =
  | ApiGatewayFact
  | Exclude<LambdaFact, { readonly type: "function.started" }>
  // Routes send events of API Gateway; whatever invokes a function otherwise knows what it sends.
  | (Omit<Extract<LambdaFact, { readonly type: "function.started" }>, "event"> &
      Readonly<Record<"event", WebSocketEvent>>)
  | DynamoDbFact
  | IamFact
  | NetworkFact
  | ProjectFact
  | Warning;

/** A fact with its place in time and its cause. */
export type Entry = journal.Entry<Fact>;

/** Where facts are recorded and read. */
export type Journal = journal.Journal<Fact>;
