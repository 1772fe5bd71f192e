import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { crc32 } from "node:zlib";
import { namedAccessKey } from "../iam/rules/authorization.ts";
import { traceParent } from "../journal/trace-parent.ts";

/** A call of DynamoDB on its way. */
export type DynamoDbCall = {
  /** Such as `PutItem`. */
  readonly operation: string;
  /** Parsed; undefined for what is no JSON. */
  readonly input: unknown;
  readonly accessKeyId: string;
  /** The same for all attempts that an SDK makes at one call. */
  readonly sdkCallId: string | undefined;
  readonly traceParent: string | undefined;
  /** Where the call came from. */
  readonly remotePort: number | undefined;
};

/** DynamoDB's answer when it refuses a call. */
export type DynamoDbRefusal = {
  readonly statusCode: number;
  /** `__type` as it is on the wire. */
  readonly type: string;
  readonly message: string;
};

/** Stands between a call and DynamoDB: calls `proceed` or `refuse`, once, now or later. */
export type StepIntoDynamoDb<Call = DynamoDbCall> = (
  call: Call,
  proceed: () => void,
  refuse: (refusal: DynamoDbRefusal) => void,
) => void;

/** Puts `stepIn` in front of a listener that reads the body of its requests by `data` and `end`. */
export function stepBefore(stepIn: StepIntoDynamoDb, listener: RequestListener): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => {
      request.removeAllListeners("data");
      const body = Buffer.concat(chunks);
      const proceed = (): void => {
        listener(request, response);
        if (body.length > 0) request.emit("data", body);
        request.emit("end");
      };
      stepIn(readCall(request, body), proceed, (refusal) => refuse(response, refusal));
    });
  };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html */
function readCall({ headers, url, socket }: IncomingMessage, body: Buffer): DynamoDbCall {
  const target = String(headers["x-amz-target"] ?? "");
  const callId = headers["amz-sdk-invocation-id"];
  return {
    operation: target.slice(target.indexOf(".") + 1),
    input: json(body),
    accessKeyId: namedAccessKey(headers.authorization ?? url) ?? "",
    sdkCallId: typeof callId === "string" ? callId : undefined,
    traceParent: traceParent(headers["x-amzn-trace-id"]),
    remotePort: socket.remotePort,
  };
}

function refuse(response: ServerResponse, { statusCode, type, message }: DynamoDbRefusal): void {
  const body = JSON.stringify({ __type: type, message });
  response.writeHead(statusCode, {
    "Content-Type": "application/x-amz-json-1.0",
    "x-amzn-RequestId": requestId(),
    "x-amz-crc32": String(crc32(body)),
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
}

/** Fifty-two capitals and digits, as DynamoDB's are. */
function requestId(): string {
  return Array.from({ length: 52 }, () => Math.floor(Math.random() * 36).toString(36))
    .join("")
    .toUpperCase();
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
