import type { Close } from "../../disconnect/rules/close-codes.ts";
import type { ConnectDecision } from "./connect-result.ts";
import type { Rejection } from "./rejection-responses.ts";

export type Acceptance = Extract<ConnectDecision, { readonly kind: "accept" }>;

/** How a held handshake goes on after `$connect`. */
export type AfterConnect =
  | { readonly kind: "open"; readonly acceptance: Acceptance }
  | { readonly kind: "answer"; readonly rejection: Rejection }
  /** Runs `$disconnect`. */
  | { readonly kind: "abandon"; readonly connectionId: string }
  | { readonly kind: "nothing" };

/**
 * What follows when `$connect` has decided about a client that may have left in the meantime. Assumed:
 * `$connect` always finishes, and if it accepted a client that has left, `$disconnect` follows.
 */
export function afterConnect(decision: ConnectDecision, isThere: boolean): AfterConnect {
  if (decision.kind === "reject") {
    return isThere ? { kind: "answer", rejection: decision } : { kind: "nothing" };
  }
  const { connectionId } = decision;
  return isThere ? { kind: "open", acceptance: decision } : { kind: "abandon", connectionId };
}

/** What `$disconnect` gets for such a client, as for a lost connection. */
export const LEFT_BEFORE_101: Close = { code: 1006, reason: "" };
