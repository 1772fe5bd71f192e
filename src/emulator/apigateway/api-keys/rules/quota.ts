import type { UsagePlan } from "../../../../definition/checked-project.ts";

type Quota = NonNullable<UsagePlan["quota"]>;

/** The handshakes with a key of a plan since `from`, the start of the period. */
export type Used = { readonly from: number; readonly count: number };

/** Counts one more handshake with a key, unless the plan's quota for this period is used up. */
export function countHandshake(
  { limit, period }: Quota,
  before: Used | undefined,
  now: number,
):
  | { readonly kind: "counted"; readonly used: Used }
  | { readonly kind: "used-up"; readonly until: number } {
  const { from, until } = periodAt(period, now);
  const count = before?.from === from ? before.count : 0;
  if (count >= limit) return { kind: "used-up", until };
  return { kind: "counted", used: { from, count: count + 1 } };
}

/** The start and the end of a quota period, in epoch ms. */
export type QuotaPeriod = { readonly from: number; readonly until: number };

/** Assumed: periods begin at midnight UTC, weeks on Sunday, months on the first. */
export function periodAt(period: Quota["period"], now: number): QuotaPeriod {
  const date = new Date(now);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (period) {
    case "DAY":
      return { from: Date.UTC(year, month, day), until: Date.UTC(year, month, day + 1) };
    case "WEEK": {
      const sunday = day - date.getUTCDay();
      return { from: Date.UTC(year, month, sunday), until: Date.UTC(year, month, sunday + 7) };
    }
    case "MONTH":
      return { from: Date.UTC(year, month), until: Date.UTC(year, month + 1) };
    default:
      return period satisfies never;
  }
}
