// JSON as a page shows it, against what was printed.
import { masked } from "./masks.mjs";

/** Waits until the terminal has printed a line of JSON of this form. */
export async function findFact(terminal, written) {
  await terminal.shows(
    () => jsonOf(terminal.output()).find((real) => isLike(written, real)),
    `a line like ${JSON.stringify(written)}`,
  );
}

function jsonOf(output) {
  return output.split(/\r*\n/).flatMap((line) => {
    try {
      return [JSON.parse(line)];
    } catch {
      return []; // the end of it is still to come, or it is no JSON
    }
  });
}

/** The same fields in the same order; `…` in a text is whatever is there, a list may have more, numbers are any. */
function isLike(written, real) {
  if (Array.isArray(written)) {
    return Array.isArray(real) && written.every((each) => real.some((one) => isLike(each, one)));
  }
  if (
    typeof written === "object" &&
    written !== null &&
    typeof real === "object" &&
    real !== null
  ) {
    return (
      Object.keys(written).join() === Object.keys(real).join() &&
      Object.entries(written).every(([name, value]) => isLike(value, real[name]))
    );
  }
  if (typeof written !== typeof real) return false;
  if (typeof written !== "string") return typeof written === "number" || written === real;
  return written.includes("…") || masked(written)[0] === masked(real)[0];
}
