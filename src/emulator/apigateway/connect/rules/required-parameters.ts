import { sourceValue } from "../../integrations/rules/request-parameters.ts";
import type { ConnectEvent } from "../../rules/event-types.ts";
import { type HandshakeIds, type Rejection, rejectWithMessage } from "./rejection-responses.ts";

/**
 * Rejects a handshake that lacks a required parameter of the route `$connect`; undefined if it has all of them.
 * Inferred: status and message are those of REST APIs.
 */
export function rejectIncomplete(
  declared: Readonly<Record<string, { readonly required?: boolean }>>,
  event: ConnectEvent,
  ids: HandshakeIds,
): Rejection | undefined {
  const missing = Object.entries(declared)
    .filter(
      ([source, { required }]) => required === true && sourceValue(source, event) === undefined,
    )
    .map(([source]) => source.replace(/^route\.request\.\w+\./, ""));
  if (missing.length === 0) return undefined;
  const message = `Missing required request parameters: [${missing.join(", ")}]` as const;
  return rejectWithMessage(400, message, ids, `the handshake lacks ${missing.join(" and ")}`);
}
