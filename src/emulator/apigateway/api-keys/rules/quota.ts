import type { UsagePlan } from "../../../../definition/checked-project.ts";

type Period = NonNullable<UsagePlan["quota"]>["period"];

/** The start and the end of a quota period, in epoch ms. */
export type QuotaPeriod = { readonly from: number; readonly until: number };

/** Assumed: periods begin at midnight UTC, weeks on Sunday, months on the first. */
export function periodAt(period: Period, now: number): QuotaPeriod {
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
