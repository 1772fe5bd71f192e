import type { Io } from "./io.ts";

/** npm forwards a Ctrl-C that the terminal has already sent: two signals, one request. */
const ONE_WISH_MS = 500;

/**
 * Calls `wished` for the first Ctrl-C, and exits with `exitCode` for the second. The returned function stops
 * that.
 */
export function onWishToEnd(io: Io, exitCode: number, wished: () => void): () => void {
  let wishedAt: number | undefined;
  return io.onSignal(() => {
    const now = performance.now();
    if (wishedAt !== undefined) {
      if (now - wishedAt > ONE_WISH_MS) io.kill(exitCode);
      return;
    }
    wishedAt = now;
    wished();
  });
}
