import { Chalk, type ChalkInstance, supportsColor, supportsColorStderr } from "chalk";
import type { Io, Screen } from "./io.ts";

/** Colours that the stream supports; none if it is not a terminal or they are disabled. */
export function coloursFor(screen: Screen, io: Io, wanted: boolean | undefined): ChalkInstance {
  return new Chalk({ level: level(screen, io, wanted) });
}

/** @see https://no-color.org for NO_COLOR; FORCE_COLOR is Node's own. */
function level(screen: Screen, io: Io, wanted: boolean | undefined): 0 | 1 | 2 | 3 {
  const { NO_COLOR, FORCE_COLOR, TERM } = io.env;
  if (wanted === false) return 0;
  if (wanted === true) return 1;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return 0;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") {
    return FORCE_COLOR === "0" || FORCE_COLOR === "false" ? 0 : 1;
  }
  if (screen.isTTY !== true || TERM === "dumb") return 0;
  const support = screen === io.stderr ? supportsColorStderr : supportsColor;
  return support === false ? 1 : support.level;
}
