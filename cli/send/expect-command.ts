import { printable } from "../terminal/control-characters.ts";
import { formatDuration } from "../terminal/duration.ts";
import { cut } from "../terminal/text.ts";
import { readExpectation } from "./expect.ts";
import type { Session } from "./session.ts";

const SHOWN = 300;

/**
 * Waits for a message that matches. Skips those before it; the next wait starts after it. Returns false, and
 * prints why, if none arrives in time or none can arrive any more.
 */
export function awaitExpected(
  session: Session,
  written: string,
  limitMs: number,
): Promise<boolean> {
  const { unread, view } = session;
  const expectation = readExpectation(written);
  if (expectation === undefined) {
    view.problem(`${written} is not a pattern.`);
    return Promise.resolve(false);
  }
  const passed: string[] = [];
  return new Promise((resolve) => {
    const end = (met: boolean, why = "") => {
      clearTimeout(timer);
      stop();
      if (!met) view.problem(unmet(written, passed, why));
      resolve(met);
    };
    const look = () => {
      for (let text = unread.shift(); text !== undefined; text = unread.shift()) {
        if (expectation.matches(text)) return end(true);
        passed.push(text);
      }
      if (session.peers.all().length === 0) end(false, "before the connection ended");
    };
    const timer = setTimeout(() => end(false, `within ${formatDuration(limitMs)}`), limitMs);
    const stop = session.onNews(look);
    look();
  });
}

/** What was expected, and what arrived instead. */
export function unmet(written: string, passed: readonly string[], why: string): string {
  const last = passed.at(-1);
  const instead =
    last === undefined
      ? "nothing came"
      : `the last of ${passed.length} was ${cut(printable(last), SHOWN)}`;
  return `Expected ${written}, which did not come ${why}: ${instead}.`;
}
