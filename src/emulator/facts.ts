import type { ApiGatewayFact } from "./apigateway/facts.ts";
import type { WebSocketEvent } from "./apigateway/rules/events.ts";
import type { DynamoDbFact } from "./dynamodb/facts.ts";
import type * as journal from "./journal/journal.ts";
import type { LambdaFact } from "./lambda/facts.ts";
import type { NetworkFact } from "./network/facts.ts";

/** Everything that can be reported: past tense, plain data. Facts never steer. */
export type Fact =
  | ApiGatewayFact
  | LambdaFact<WebSocketEvent> // as routes send it; who invokes a function otherwise knows what it gets
  | DynamoDbFact
  | NetworkFact
  | ProjectFact
  | journal.Warning;

/** A fact with its place in time. */
export type Entry = journal.Entry<Fact>;

/** Where facts are recorded and read. */
export type Journal = journal.Journal<Fact>;

/** What happens to the project's files, and what a test has go wrong. */
type ProjectFact =
  | {
      readonly type: "code.reloaded";
      readonly functionNames: readonly string[];
      readonly file: string;
    }
  /** A test had something go wrong on purpose. */
  | {
      readonly type: "fault.injected";
      /** As the test wrote it, such as `post({"nth":2}).gone()`. */
      readonly fault: string;
      /** Whose event, post or line it befell. */
      readonly connectionId: string | undefined;
      readonly functionName: string | undefined;
      readonly awsRequestId?: string;
      /** Of the draws, when the fault has a probability. */
      readonly seed?: number;
    }
  /** The gateway stopped before a fault that a test had set up ever took place. */
  | { readonly type: "fault.unused"; readonly fault: string }
  /** Something in the project cannot be used as it is; what ran before goes on. */
  | { readonly type: "project.broken"; readonly message: string; readonly hint: string }
  | {
      readonly type: "project.changed";
      readonly file: string;
      readonly needsRestart: readonly string[];
    };
