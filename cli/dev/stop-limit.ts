import type { Io } from "../terminal/io.ts";
import { print } from "../terminal/output.ts";
import { onWishToEnd } from "../terminal/second-ctrl-c.ts";

/** Waiting longer, without any handler ending, does not help a user at the prompt. */
const STOP_LIMIT_MS = 10_000;

/**
 * Waits for the request to end. A second request kills with `exitCode`, and so does the time limit, which
 * `limit()` starts or renews.
 */
export function awaitEnd(io: Io, exitCode: number) {
  let request = () => {};
  let timer: NodeJS.Timeout | undefined;
  const requested = new Promise<void>((resolve) => {
    request = () => resolve();
  });
  const unsubscribe = onWishToEnd(io, exitCode, () => request());
  return {
    requested,
    request,
    limit() {
      clearTimeout(timer);
      timer = setTimeout(() => {
        print(
          io.stderr,
          `Some handlers or connections did not end within ${STOP_LIMIT_MS / 1000} s. wsgw stops without them.`,
        );
        io.kill(exitCode);
      }, STOP_LIMIT_MS);
    },
    dispose() {
      unsubscribe();
      clearTimeout(timer);
    },
  };
}
