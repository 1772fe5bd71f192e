import { isObject, parseJson } from "../../../../values/json.ts";
import type { Strings } from "../../rules/event-types.ts";

/** The answer of a backend. */
export type BackendAnswer = {
  readonly statusCode: number;
  /** Values by lower-case name. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Uint8Array;
};

/** An integration response with its values filled in. */
export type IntegrationResponse = {
  readonly templates?: Strings | undefined;
  readonly templateSelectionExpression?: string | undefined;
  readonly contentHandling?: "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT" | undefined;
};

export type ChosenResponse =
  | { readonly kind: "response"; readonly key: string; readonly response: IntegrationResponse }
  /** The integration has no integration responses. */
  | { readonly kind: "passed-through" }
  | { readonly kind: "none"; readonly because: string };

/**
 * Selects the integration response: the first whose pattern matches the whole status, or the `errorMessage`
 * of a failed function; else `$default`. Captured on REST APIs, including that a pattern must match the whole
 * value.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-responses.html
 */
export function chooseResponse(
  responses: Readonly<Record<string, IntegrationResponse>> | undefined,
  { statusCode, body }: BackendAnswer,
  isLambda: boolean,
): ChosenResponse {
  if (responses === undefined || Object.keys(responses).length === 0)
    return { kind: "passed-through" };
  const value = isLambda ? errorMessageIn(body) : String(statusCode);
  const found = Object.entries(responses).find(
    ([key]) => key !== "$default" && value !== undefined && matches(key, value),
  );
  const { $default } = responses;
  if (found !== undefined) return { kind: "response", key: found[0], response: found[1] };
  if ($default !== undefined) return { kind: "response", key: "$default", response: $default };
  const because = `Configuration error: No match for output mapping and no default output mapping configured. Endpoint Response Status Code: ${statusCode}`;
  return { kind: "none", because };
}

function matches(key: string, value: string): boolean {
  return new RegExp(`^(?:${key.slice(1, -1)})$`).test(value);
}

function errorMessageIn(body: Uint8Array): string | undefined {
  const value = parseJson(Buffer.from(body).toString())?.value;
  return isObject(value) && typeof value.errorMessage === "string" ? value.errorMessage : undefined;
}

/** The status in a key such as `/200/`. */
export function literalStatus(key: string): number | undefined {
  const digits = /^\/(\d{3})\/$/.exec(key)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
