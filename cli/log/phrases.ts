import type { Entry } from "../../src/app.ts";

type FactOf<T extends Entry["type"]> = Extract<Entry, { type: T }>;
type Selection = FactOf<"route.selected">["selection"];

/** The part of a sentence that explains the selected route. */
export function whyRoute(selection: Selection, expression: string): string {
  switch (selection.because) {
    case "matched":
      return `${expression} is ${JSON.stringify(selection.value)}`;
    case "not-json":
      return "the body is not JSON";
    case "no-value":
      return `the body has no ${expression}`;
    case "unknown-key":
      return `no route has the key ${JSON.stringify(selection.value)}`;
    default:
      return selection satisfies never;
  }
}

/** How a connection ended, and which side closed it. */
export function closing(fact: FactOf<"connection.closed">): string {
  if (fact.because === "lost") return `lost: the client left without a close frame (${fact.code})`;
  const noCode = fact.by === "client" && fact.code === 1005;
  const reason = fact.reason === "" || noCode ? "" : ` ${JSON.stringify(fact.reason)}`;
  const how = noCode ? "without a code (1005)" : `with ${fact.code}${reason}`;
  const because = fact.by === "client" ? "" : ` because ${inWords(fact.because)}`;
  return `closed by the ${fact.by} ${how}${because}`;
}

const WORDS: Readonly<Record<string, string>> = {
  // closing
  idle: "it was idle too long",
  age: "it reached the maximum age of a connection",
  "binary-message": "the client sent a binary message",
  "too-large": "a frame or message was too large",
  "protocol-error": "the client broke the WebSocket protocol",
  "invalid-utf8": "the client sent a message that is not UTF-8",
  deleted: "DELETE @connections asked for it",
  "gateway-stopped": "the gateway stops",
  // rejected handshakes and requests
  stopping: "the gateway stops",
  "unknown-stage": "the URL does not name a stage of this API",
  "unknown-path": "the path does not exist in @connections",
  "connect-timed-out": "its $connect handler took too long",
  "two-authorization-headers": "it has several Authorization headers",
  "url-too-long": "the URL is too long",
  "headers-too-large": "the headers are too large",
  "upgrade-required": "the request is not a WebSocket handshake",
  // messages
  "integration-timeout": "the handler took longer than its route allows",
  // the management API
  gone: "the connection is gone",
  throttled: "the account's limit of calls is reached",
  "malformed-id": "that is not a connection id",
  unsigned: "the call is not signed",
  "wrong-signature": "the signature is wrong",
  "unknown-key": "wsgw did not issue the key or its session token",
  "incomplete-signature": "the signature is incomplete",
  "no-method": "@connections does not have this operation",
};

/** A fact's cause as words in a sentence; causes that are sentences already stay unchanged. */
export function inWords(because: string): string {
  return (
    WORDS[because] ?? (/^[a-z]+(-[a-z]+)+$/.test(because) ? because.replaceAll("-", " ") : because)
  );
}
