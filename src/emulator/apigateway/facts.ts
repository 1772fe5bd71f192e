import type { RouteSelection } from "./message/rules/route-selection.ts";

/** What happens to connections, messages and posts. */
export type ApiGatewayFact =
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
  | {
      readonly type: "connection.closed";
      readonly connectionId: string;
      readonly code: number;
      readonly reason: string;
      readonly by: "client" | "gateway";
      /** Such as `client-closed`, `idle`, `age`, `binary-message`, `too-large`, `protocol-error`, `invalid-utf8`, `deleted`, `gateway-stopped`, `lost`. */
      readonly because: string;
    };
