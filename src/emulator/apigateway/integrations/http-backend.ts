import { buffer } from "node:stream/consumers";
import { whyNotReached } from "../../../errors/in-words.ts";
import { sendRequest } from "../../network/send-request.ts";
import type { BackendOutcome } from "./calls.ts";
import type { BackendRequest } from "./rules/http-request.ts";
import type { BackendAnswer } from "./rules/integration-response.ts";

/** Sends a request; `signal` aborts it. */
export async function callBackend(
  { method, url, headers, body }: BackendRequest,
  signal: AbortSignal,
): Promise<BackendOutcome> {
  const length =
    body.length > 0 || !["GET", "HEAD"].includes(method)
      ? { "Content-Length": String(body.length) }
      : {};
  const all = { ...headers, ...length } as Record<string, string | string[]>;
  try {
    const response = await sendRequest(url, { method, headers: all, signal }, body);
    return {
      kind: "answered",
      statusCode: response.statusCode ?? 0,
      headers: response.headersDistinct as BackendAnswer["headers"],
      body: await buffer(response),
    };
  } catch (error) {
    // also for a header that HTTP does not allow
    return { kind: "failed", because: `${url.origin} is unreachable: ${whyNotReached(error)}` };
  }
}
