import { text } from "node:stream/consumers";
import { whyNotReached } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";
import { type ClientCredentials, signedHeaders } from "../iam/rules/sign-request.ts";
import { sendRequest } from "../network/send-request.ts";
import { ANSWER_MS, withinLimit } from "./limit.ts";

/** A gateway's management API and the keys for it. */
export type ManagementTarget = {
  /** `http://localhost:PORT/STAGE` */
  readonly managementUrl: string;
  readonly credentials: ClientCredentials;
};

/** A response as received: 410 for a closed connection, 403 for a bad signature … */
export type ManagementAnswer = {
  readonly statusCode: number;
  /** For example `GoneException`; undefined on success. */
  readonly errorType: string | undefined;
  readonly body: string;
};

const PLACE = { region: "us-east-1", service: "execute-api" };

/**
 * Calls `@connections/ID` with `POST`, `GET` or `DELETE`, signed as an SDK would. Throws GATEWAY_UNREACHABLE
 * without a response within `answerMs`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export async function callManagement(
  target: ManagementTarget,
  method: "POST" | "GET" | "DELETE",
  connectionId: string,
  body: string | Uint8Array = "",
  { answerMs = ANSWER_MS }: { readonly answerMs?: number } = {},
): Promise<ManagementAnswer> {
  try {
    return await withinLimit(answerMs, (signal) =>
      send(target, method, connectionId, body, signal),
    );
  } catch (error) {
    const message = `${target.managementUrl} does not answer: ${whyNotReached(error)}.`;
    throw new WsgwError("GATEWAY_UNREACHABLE", message, { cause: error });
  }
}

async function send(
  target: ManagementTarget,
  method: "POST" | "GET" | "DELETE",
  connectionId: string,
  body: string | Uint8Array,
  signal: AbortSignal,
): Promise<ManagementAnswer> {
  const url = new URL(`${target.managementUrl}/@connections/${encodeURIComponent(connectionId)}`);
  const bytes = Buffer.from(body);
  const signed = signedHeaders(
    { method, url, body: bytes },
    { "content-type": "application/octet-stream" },
    target.credentials,
    PLACE,
  );
  const headers = { ...signed, "content-length": bytes.length };
  const response = await sendRequest(url, { method, headers, signal }, bytes);
  const errorType = response.headers["x-amzn-errortype"];
  return {
    statusCode: response.statusCode ?? 0,
    errorType: typeof errorType === "string" ? errorType : undefined,
    body: await text(response),
  };
}
