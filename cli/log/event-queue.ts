import { formatDuration } from "../terminal/duration.ts";
import type { FactOf, Line, Pen } from "./line.ts";

/** Describes events that wait, and those that Lambda retries or drops. */
export function createQueueTeller({ paint }: Pen) {
  return {
    queued({ functionName, waiting, environments }: FactOf<"function.queued">): Line {
      const events = waiting === 1 ? "event waits" : "events wait";
      const busy =
        environments === 1 ? "its environment is" : `all ${environments} environments are`;
      const text = `${functionName}: ${waiting} ${events} because ${busy} busy`;
      return { weight: "trouble", text: `${paint.yellow("!")} ${text}` };
    },
    requeued({ functionName, attempt, delayMs }: FactOf<"event.requeued">): Line {
      const text = `${functionName}: attempt ${attempt} failed; Lambda retries in ${formatDuration(delayMs)}`;
      return { weight: "trouble", text: `${paint.yellow("!")} ${text}` };
    },
    dropped({ functionName, attempts, because }: FactOf<"event.dropped">): Line {
      const tried = `${attempts} ${attempts === 1 ? "attempt" : "attempts"}`;
      const why = because === "stopped" ? "the gateway stops" : "Lambda does not retry again";
      const text = `${functionName}: Lambda drops the event after ${tried}: ${why}`;
      return { weight: "trouble", text: `${paint.red("✗")} ${text}` };
    },
  };
}
