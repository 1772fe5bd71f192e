import { type IncomingMessage, request as plainRequest, type RequestOptions } from "node:http";
import { request as secureRequest } from "node:https";

/** Sends a request with its whole body. Resolves with the start of the response; does not follow redirects. */
export function sendRequest(
  url: URL,
  options: RequestOptions,
  body?: Uint8Array,
): Promise<IncomingMessage> {
  const begin = url.protocol === "https:" ? secureRequest : plainRequest;
  return new Promise((resolve, reject) => {
    begin(url, { agent: false, ...options }, resolve)
      .on("error", reject)
      .end(body);
  });
}
