import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { whyNotReached } from "../../../errors/in-words.ts";
import type { BackendOutcome } from "./calls.ts";
import type { BackendRequest } from "./rules/backend-request.ts";
import type { BackendAnswer } from "./rules/integration-response.ts";

/** Sends a request; `signal` aborts it. Does not follow redirects. */
export function callBackend(
  { method, url, headers, body }: BackendRequest,
  signal: AbortSignal,
): Promise<BackendOutcome> {
  return new Promise((resolve) => {
    const begin = url.protocol === "https:" ? secureRequest : plainRequest;
    const fail = (error: unknown): void => {
      resolve({
        kind: "failed",
        because: `${url.origin} is unreachable: ${whyNotReached(error)}`,
      });
    };
    const length =
      body.length > 0 || !["GET", "HEAD"].includes(method)
        ? { "Content-Length": String(body.length) }
        : {};
    try {
      const all = { ...headers, ...length } as Record<string, string | string[]>;
      const request = begin(url, { method, headers: all, agent: false, signal }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", fail);
        response.on("end", () =>
          resolve({
            kind: "answered",
            statusCode: response.statusCode ?? 0,
            headers: response.headersDistinct as BackendAnswer["headers"],
            body: Buffer.concat(chunks),
          }),
        );
      });
      request.on("error", fail);
      request.end(body);
    } catch (error) {
      fail(error); // a header that HTTP does not allow
    }
  });
}
