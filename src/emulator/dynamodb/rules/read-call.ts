import type { IncomingHttpHeaders } from "node:http";
import { isObject, parseJson } from "../../../values/json.ts";
import type { SignableRequest, SigningKeys } from "../../iam/rules/sign-request.ts";
import {
  judgeIssued,
  readAuthorization,
  type SecretFor,
} from "../../iam/rules/verify-signature.ts";
import type { TableCall } from "../calls.ts";
import { rejectionOfBody } from "./call-size.ts";
import { mayNameProto } from "./proto-names.ts";
import { type DynamoDbRejection, general } from "./rejections.ts";
import { regionOfCall } from "./table-region.ts";

/** A request with its body. */
export type ReceivedRequest = SignableRequest & {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

export type ReadCall =
  | {
      readonly kind: "call";
      readonly call: Omit<TableCall, "because">;
      readonly mayNameProto: boolean;
    }
  | { readonly kind: "rejected"; readonly rejection: DynamoDbRejection };

const TARGET = /^DynamoDB_(?:20120810|20111205)\.(\w+)$/;
const ERRORS = {
  wrong: "InvalidSignatureException",
  "unknown-key": "UnrecognizedClientException",
} as const;

/**
 * Parses a request's operation and signer. Keys that the gateway issued must have valid signatures; others,
 * used by tools and existing tests, are accepted unverified, as DynamoDB Local does.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
 */
export function readCall(
  request: ReceivedRequest,
  parts: {
    readonly home: string;
    readonly secretFor: SecretFor;
    readonly signingKeys: SigningKeys;
    /** Whether a signature by this key has been verified on the call's connection. */
    readonly isVerified: (accessKeyId: string) => boolean;
    readonly traceParent: (header: string | readonly string[] | undefined) => string | undefined;
  },
): ReadCall {
  const { headers } = request;
  const tooMuch = rejectionOfBody(request.body);
  if (tooMuch !== undefined) return rejected(tooMuch);
  const text = request.body.toString();
  const json = parseJson(text);
  if (json === undefined) return rejected(general("SerializationException", ""));
  const operation = TARGET.exec(String(headers["x-amz-target"] ?? ""))?.[1];
  if (operation === undefined) return rejected(general("UnknownOperationException", ""));

  const authorization = readAuthorization(request);
  if (authorization.kind === "unsigned") {
    const message = "Request is missing Authentication Token";
    return rejected(general("MissingAuthenticationTokenException", message));
  }
  if (authorization.kind === "incomplete") {
    return rejected(general("IncompleteSignatureException", authorization.message));
  }
  const { accessKeyId, scope } = authorization;
  const issued = parts.secretFor(accessKeyId);
  if (issued !== undefined && !parts.isVerified(accessKeyId)) {
    const place = { service: "dynamodb" };
    const verdict = judgeIssued(request, authorization, issued, place, parts.signingKeys);
    if (verdict.kind !== "right") return rejected(general(ERRORS[verdict.kind], verdict.message));
  }
  if (!isObject(json.value)) return rejected(general("SerializationException", ""));
  const callId = headers["amz-sdk-invocation-id"];
  return {
    kind: "call",
    mayNameProto: mayNameProto(text),
    call: {
      operation,
      input: json.value,
      region: regionOfCall(scope.region, parts.home),
      accessKeyId,
      functionName: issued?.functionName,
      sdkCallId: typeof callId === "string" ? callId : undefined,
      traceParent: parts.traceParent(headers["x-amzn-trace-id"]),
    },
  };
}

function rejected(rejection: DynamoDbRejection): ReadCall {
  return { kind: "rejected", rejection };
}
