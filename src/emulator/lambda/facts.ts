import type { Outcome } from "./invoke.ts";
import type { PendingWork } from "./rules/pending-work.ts";

/** What happens to functions and their invocations. */
export type LambdaFact<Event = unknown> =
  | {
      readonly type: "function.started";
      readonly functionName: string;
      /** The payload, as the handler gets it. */
      readonly event: Event;
      /** Undefined where the event is not about a connection. */
      readonly connectionId: string | undefined;
      /** The event's `requestContext.requestId`, if it has one. */
      readonly requestId: string | undefined;
      readonly awsRequestId: string;
      readonly cold: boolean;
      /** Id of the fact that caused it. */
      readonly causedBy?: string;
    }
  | {
      readonly type: "function.logged";
      readonly functionName: string;
      /** Undefined for output outside an invocation, such as at module load. */
      readonly awsRequestId: string | undefined;
      readonly requestId: string | undefined;
      readonly connectionId: string | undefined;
      readonly stream: "stdout" | "stderr";
      readonly text: string;
    }
  | {
      readonly type: "function.ended";
      readonly functionName: string;
      readonly awsRequestId: string;
      readonly requestId: string | undefined;
      readonly connectionId: string | undefined;
      readonly outcome: Outcome;
      readonly durationMs: number;
      /** ms that loading the code took, for the first event of an environment. */
      readonly initMs: number | undefined;
      /** ms from the moment the code was loaded; the same as `durationMs` for all but the first event. */
      readonly handlerMs: number;
      /** The most that the environment has taken so far, where that can be told. */
      readonly maxMemoryMb: number | undefined;
    }
  /** Work that a handler did not wait for before it answered; on AWS it would not be done or finished. */
  | {
      readonly type: "function.unfinished";
      readonly functionName: string;
      readonly awsRequestId: string;
      readonly requestId: string | undefined;
      readonly connectionId: string | undefined;
      /** All of it, the calls too; in process nothing but calls can be seen. */
      readonly work: readonly PendingWork[];
      /** Such as `POST https://example.com/path`. */
      readonly calls: readonly string[];
    }
  | {
      readonly type: "function.queued";
      readonly functionName: string;
      readonly waiting: number;
      readonly environments: number;
    }
  /** A debugger may attach to the environment of a function, at `port` of this machine. */
  | {
      readonly type: "debugger.listening";
      readonly functionName: string;
      readonly port: number;
      /** Of the inspector protocol: `ws://127.0.0.1:PORT/UUID`. */
      readonly url: string;
    };
