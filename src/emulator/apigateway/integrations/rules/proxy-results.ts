import { parseJson } from "../../../../values/json.ts";
import type { Outcome } from "../../../lambda/function-call.ts";

/** The end of a route's integration: the function's outcome, or a timeout of the gateway. */
export type IntegrationOutcome = Outcome | { readonly kind: "timed-out" };

/** A proxy result that API Gateway accepts, reduced to the fields that a WebSocket API uses. */
export type ProxyResult = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
};

export type ParsedResult =
  | { readonly kind: "ok"; readonly result: ProxyResult }
  | { readonly kind: "malformed"; readonly problem: string };

const ALLOWED = new Set(["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"]);

/**
 * Parses a function's result as a Lambda proxy response. These make it malformed: unknown keys (seen on AWS),
 * a `body` that is not a string, headers that are not an object, and a missing `statusCode` (assumed).
 * Assumed: `isBase64Encoded` has no effect, the body is sent unchanged. `nullIsSuccess` accepts a handler that
 * returns nothing: evidence about AWS is contradictory.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function parseProxyResult(payload: string, nullIsSuccess: boolean): ParsedResult {
  const value = parseJson(payload)?.value;
  if (value === null && nullIsSuccess)
    return { kind: "ok", result: { statusCode: 200, headers: {}, body: undefined } };
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return malformed(`the result is ${value === null ? "null" : describe(value)}, not an object`);
  }

  const unknown = Object.keys(value).filter((key) => !ALLOWED.has(key));
  if (unknown.length > 0)
    return malformed(
      `the result has the unknown key ${unknown.map((key) => `"${key}"`).join(", ")}`,
    );

  const { statusCode, headers, multiValueHeaders, body } = value as Record<string, unknown>;
  const status = readStatus(statusCode);
  if (status === undefined) {
    return malformed(
      statusCode === undefined
        ? "the result has no statusCode"
        : `statusCode is ${JSON.stringify(statusCode)}`,
    );
  }
  if (body !== undefined && body !== null && typeof body !== "string") {
    return malformed(`body is ${describe(body)}, not a string`);
  }
  for (const [name, map] of Object.entries({ headers, multiValueHeaders })) {
    if (!isNothing(map) && (typeof map !== "object" || Array.isArray(map))) {
      return malformed(`${name} is ${describe(map)}, not an object`);
    }
  }
  const merged = { ...readHeaders(multiValueHeaders), ...readHeaders(headers) };
  return { kind: "ok", result: { statusCode: status, headers: merged, body: body ?? undefined } };
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  return value === undefined
    ? "not JSON"
    : `a${typeof value === "object" ? "n" : ""} ${typeof value}`;
}

function malformed(problem: string): ParsedResult {
  return { kind: "malformed", problem };
}

/** A number, or a string that contains one: REST APIs accept `"200"` too. */
function readStatus(value: unknown): number | undefined {
  const status = typeof value === "string" && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === "number" && Number.isInteger(status) && status >= 100 && status <= 599
    ? status
    : undefined;
}

function isNothing(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** Drops headers whose value is not a string, a number or a boolean. */
function readHeaders(value: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, entry] of Object.entries(value ?? {})) {
    const last: unknown = Array.isArray(entry) ? entry.at(-1) : entry;
    if (!isNothing(last) && typeof last !== "object") headers[name] = String(last);
  }
  return headers;
}
