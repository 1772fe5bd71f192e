import type { ChalkInstance } from "chalk";
import type { Opening } from "../../src/app.ts";
import { printable } from "../terminal/control-characters.ts";
import { cut } from "../terminal/text.ts";
import type { Target } from "./target.ts";

/** A rejected handshake. */
export type Rejected = {
  readonly kind: "rejected";
  readonly url: string;
  readonly rejection: Extract<Opening, { kind: "refused" }>;
  /** The meaning of the status, as one or two sentences. */
  readonly meaning: string;
};

const BODY_SHOWN = 1000;

/** The first handshake was rejected: status, body and meaning. */
export function rejectionLines(
  { url, rejection, meaning }: Rejected,
  paint: ChalkInstance,
): readonly string[] {
  const { statusCode, headers, body } = rejection;
  const type = headers["x-amzn-errortype"];
  const kind = typeof type === "string" ? ` ${printable(type)}` : "";
  return [
    `${paint.red("✗")} ${url} rejected the handshake with ${paint.bold(`${statusCode}${kind}`)}.`,
    ...(body.trim() === "" ? [] : [`  ${cut(printable(body.trim()), BODY_SHOWN)}`]),
    paint.dim(`  ${meaning}`),
  ];
}

/** The handshake of `/open` was rejected. */
export function rejectionLine({ rejection, meaning }: Rejected): string {
  return `Rejected with ${rejection.statusCode}. ${meaning}`;
}

/** A reconnect was rejected; the line goes on with what follows. */
export function rejectionClause({ rejection, meaning }: Rejected): string {
  return `The server rejected the handshake with ${rejection.statusCode}. ${meaning.replace(/\.$/, "")}`;
}

/** Suggests where to connect if the path of a URL is not a stage of this project's gateway. */
export function stageMistake({
  url,
  running,
}: Pick<Target, "url" | "running">): string | undefined {
  const { pathname, protocol } = new URL(url);
  const stages = (running?.apis ?? []).flatMap(({ name, stages: all }) =>
    all.map((stage) => ({ ...stage, paths: [stage.name, `${name}/${stage.name}`] })),
  );
  const path = pathname.replace(/^\/|\/$/g, "");
  if (stages.length === 0 || stages.some(({ paths }) => paths.includes(path))) return undefined;
  const urls = stages.map((stage) => (protocol === "wss:" ? stage.secureUrl : stage.url));
  return `${pathname} is not a stage of this gateway. Connect to ${urls.join(" or ")}.`;
}

/** The meaning of a rejected handshake's status. */
export function explainRejection(
  statusCode: number,
  errorType?: string | readonly string[],
): string {
  const known = ERRORS[String(errorType)] ?? STATUSES[statusCode];
  if (known !== undefined) return known;
  if (statusCode >= 300 && statusCode < 400) {
    return "WebSocket clients do not follow redirects. The $connect handler may have returned this status.";
  }
  return "The $connect handler, an authorizer or a proxy on the way may have answered with this status.";
}

/** By `x-amzn-ErrorType`: IAM's errors if `$connect` has AWS_IAM authorization. */
const ERRORS: Readonly<Record<string, string>> = {
  MissingAuthenticationTokenException: "The handshake must be signed with AWS keys: --sign.",
  UnrecognizedClientException:
    "The server does not know the key. A gateway of wsgw dev accepts the keys that it issues (--sign).",
  ExpiredTokenException: "The session token of the keys has expired. Get new keys.",
  AccessDeniedException: "The signer may not connect: no policy allows execute-api:Invoke.",
  TooManyRequestsException: "Too many connections in too little time, or a throttle of 0.",
  LimitExceededException: "The quota of the API key is used up.",
};

const STATUSES: Readonly<Record<number, string>> = {
  400: "The $connect handler may have returned this status, for example for an unknown subprotocol.",
  401: "The $connect handler or an authorizer needs other credentials, in a header (-H 'Name: value') or in the query of the URL.",
  403: "Check the stage at the end of the URL, and the API key. Or the $connect handler or an authorizer rejected it.",
  404: "This path does not exist. An API Gateway URL ends with the name of the stage.",
  407: "The proxy requires a user and password: --proxy http://user:password@host:port.",
  426: "The gateway got no WebSocket handshake. A proxy on the way may have dropped its headers.",
  429: "Too many connections in too little time, a throttle of 0 on the stage, or a quota of the API key that is used up.",
  500: "API Gateway may not invoke the $connect function, or an authorizer failed.",
  502: "The $connect handler failed, or did not return { statusCode: … }. Its log says which.",
  503: "The gateway is starting or stopping, or a proxy on the way cannot reach it.",
  504: "The $connect handler took longer than its route allows (29 s at most).",
};
