import { WsgwError } from "../errors.ts";

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A duration: ms, or a string such as `250ms`, `29s`, `10m`, `2h`, `1m30s`. */
export type Duration = number | string;

/** A duration in ms. Throws USAGE for an invalid string or number. */
export function toMs(duration: Duration): number {
  if (typeof duration === "number" && duration >= 0 && duration < Number.POSITIVE_INFINITY) {
    return duration;
  }
  const parts = [...String(duration).matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([text]) => text).join("") !== duration) {
    const shown = typeof duration === "string" ? `"${duration}"` : duration;
    throw new WsgwError(
      "USAGE",
      `${shown} is not a duration. Write ms as a number, or 250ms, 29s, 10m, 2h.`,
    );
  }
  return parts.reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit as keyof typeof UNITS],
    0,
  );
}
