import type { Limits } from "./limits.ts";

/** What happens on an open connection: a message from the client, a frame to it, or a ping from it. */
export type Activity = "message" | "frame" | "ping";

/**
 * Whether an activity resets the idle timeout (10 minutes, `limits.idleMs`). Messages from the client do, also
 * to a one-way route or with an error as the answer. Replies and posts do when they are sent. Reading a
 * connection with GET `@connections` and rejected posts are not activities.
 *
 * The gateway answers a client's ping, but by default a ping does not count: no page or report about AWS says
 * that it does, and clients that keep connections alive send messages. `pingsResetIdle` makes pings count.
 */
export function resetsIdleTimeout(activity: Activity, pingsResetIdle: boolean): boolean {
  return activity !== "ping" || pingsResetIdle;
}

/**
 * When an open connection must be closed, in epoch ms, and which limit requires it: the idle timeout, or its
 * age (two hours, `limits.ageMs`), which no activity resets. `connections.ts` has the timer.
 */
export function expiresAt(
  limits: Limits,
  openedAt: number,
  lastActiveAt: number,
): { readonly at: number; readonly because: "idle" | "age" } {
  const idle = lastActiveAt + limits.idleMs;
  const age = openedAt + limits.ageMs;
  return idle < age ? { at: idle, because: "idle" } : { at: age, because: "age" };
}
