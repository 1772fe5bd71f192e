import type { SendOptions } from "./options.ts";

/** The default of `--timeout`, also for `/expect` and `/ping`. */
export const TIMEOUT_MS = 10_000;

/** The limit of the handshake: `--timeout`, but only if it is set. */
export function handshakeLimit({ timeoutMs }: Pick<SendOptions, "timeoutMs">) {
  return timeoutMs === undefined ? {} : { handshakeTimeoutMs: timeoutMs };
}
