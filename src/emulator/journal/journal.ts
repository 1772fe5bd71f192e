import type { RouteSelection } from "../apigateway/message/rules/route-selection.ts";
import type { TableWrite } from "../dynamodb/rules/table-write.ts";
import type { PendingWork } from "../lambda/rules/pending-work.ts";
import type { StoppedCall } from "../network/rules/stopped-call.ts";
import type { FunctionCall, Outcome } from "../ports.ts";

/** Everything that can be reported: past tense, plain data. Facts never steer. */
export type Fact =
  | {
      readonly type: "connection.requested";
      readonly connectionId: string;
      /** `x-amzn-RequestId` of the answer to the handshake. */
      readonly handshakeId: string;
      readonly sourceIp: string;
      /** Undefined when the client sent none. */
      readonly userAgent: string | undefined;
      readonly url: string;
    }
  | {
      readonly type: "connection.opened";
      readonly connectionId: string;
      readonly durationMs: number;
    }
  | {
      readonly type: "connection.refused";
      /** Undefined when the handshake was refused before an id was given. */
      readonly connectionId: string | undefined;
      readonly statusCode: number;
      /** Such as `unknown-stage`, `connect-handler-failed`, `$connect answered 401`. */
      readonly because: string;
      readonly durationMs: number;
    }
  | {
      readonly type: "message.received";
      readonly connectionId: string;
      readonly requestId: string;
      readonly text: string;
      readonly bytes: number;
    }
  | {
      readonly type: "route.selected";
      readonly connectionId: string;
      readonly requestId: string;
      readonly selection: RouteSelection;
    }
  | ({
      readonly type: "function.started";
      readonly awsRequestId: string;
      readonly cold: boolean;
    } & FunctionCall)
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
      readonly requestId: string;
      readonly connectionId: string;
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
  /** The gateway's verdict on a message: what went back to its sender, and why. */
  | {
      readonly type: "message.answered";
      readonly connectionId: string;
      readonly requestId: string;
      readonly routeKey: string | undefined;
      readonly answer: "silence" | "reply" | "error";
      readonly because: string;
      readonly durationMs: number;
    }
  | {
      readonly type: "frame.sent";
      readonly connectionId: string;
      readonly text: string;
      readonly cause: "reply" | "error" | "post";
    }
  | {
      readonly type: "management.answered";
      readonly method: string;
      readonly connectionId: string | undefined;
      /** The function that called, when its key signed the call. */
      readonly functionName: string | undefined;
      readonly statusCode: number;
      readonly because: string;
      /** Tail of the `awsRequestId` of the event that the caller ran, where its SDK tells it. */
      readonly traceParent?: string | undefined;
    }
  /** A call of DynamoDB put, changed or deleted an item, or was refused. Of the built-in one only. */
  | ({
      readonly type: "table.written";
      /** The function that called, when its key signed the call. */
      readonly functionName: string | undefined;
      readonly statusCode: number;
      readonly traceParent?: string | undefined;
    } & TableWrite)
  /** A call to AWS that nothing here answers did not leave the machine. */
  | ({
      readonly type: "aws.stopped";
      /** Whose event the function ran, where that can be told. */
      readonly connectionId: string | undefined;
    } & StoppedCall)
  | {
      readonly type: "connection.closed";
      readonly connectionId: string;
      readonly code: number;
      readonly reason: string;
      readonly by: "client" | "gateway";
      /** Such as `client-closed`, `idle`, `age`, `binary-message`, `too-large`, `protocol-error`, `invalid-utf8`, `deleted`, `gateway-stopped`, `lost`. */
      readonly because: string;
    }
  | {
      readonly type: "code.reloaded";
      readonly functionNames: readonly string[];
      readonly file: string;
    }
  /** A debugger may attach to the environment of a function, at `port` of this machine. */
  | {
      readonly type: "debugger.listening";
      readonly functionName: string;
      readonly port: number;
      /** Of the inspector protocol: `ws://127.0.0.1:PORT/UUID`. */
      readonly url: string;
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
    }
  | { readonly type: "warning"; readonly message: string };

/** A fact with its place in time. */
export type Entry = Fact & {
  /** Counts from 1 without gaps. */
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
};

/** Where facts are recorded and read. */
export type Journal = {
  /** Takes the object over, which becomes the entry: copying it would cost every message several times. */
  record(fact: Fact): void;
  /** Calls `listener` for every fact from now on; the returned function ends that. */
  subscribe(listener: (entry: Entry) => void): () => void;
  /** What is kept, oldest first. */
  entries(): readonly Entry[];
};

/**
 * Creates a journal that keeps the newest `keep` entries (0 keeps none). A listener that throws is a
 * bug of its own: its error is thrown where nobody records, as an uncaught exception.
 */
export function createJournal(now: () => number, keep = 10_000): Journal {
  const listeners = new Set<(entry: Entry) => void>();
  let kept: Entry[] = [];
  let seq = 0;

  return {
    record(fact) {
      if (keep === 0 && listeners.size === 0) return;
      seq += 1;
      const entry = fact as Fact & { seq: number; at: number };
      entry.seq = seq;
      entry.at = now();
      if (keep > 0) {
        kept.push(entry);
        if (kept.length >= keep * 2) kept = kept.slice(-keep);
      }
      for (const listener of listeners) tell(listener, entry);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    entries: () => (kept.length > keep ? kept.slice(-keep) : kept),
  };
}

function tell(listener: (entry: Entry) => void, entry: Entry): void {
  try {
    listener(entry);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
