// @ts-check
import { median, pairedRatio } from "./statistics.mjs";

/**
 * @typedef {import("./measures/measure.mjs").Result} Result
 * @typedef {import("./measures/measure.mjs").Target} Target
 *
 * @typedef {{
 *   name: string,
 *   unit: string,
 *   product: number | undefined,
 *   base: number | undefined,
 *   baseName: string,
 *   ratio: number | undefined,
 *   low: number | undefined,
 *   high: number | undefined,
 *   target: Target | undefined,
 *   reached: boolean | undefined,
 *   failures: readonly string[],
 *   samples: { product: readonly number[], base: readonly number[] },
 * }} Row figures are medians; `reached` is undefined where nothing can be judged
 */

/**
 * Judges one result. A failure misses the target whatever the ratio.
 * @param {Result} result
 * @returns {Row}
 */
export function judge({ name, unit, product, base, baseName, target, failures = [] }) {
  const compared = product && base ? pairedRatio(product, base) : undefined;
  const judged = compared !== undefined && target !== undefined;
  return {
    name,
    unit,
    product: product && median(product),
    base: base && median(base),
    baseName,
    ratio: compared?.ratio,
    low: compared?.low,
    high: compared?.high,
    target,
    reached: judged ? failures.length === 0 && meets(compared.ratio, target) : undefined,
    failures,
    samples: { product: product ?? [], base: base ?? [] },
  };
}

/** @param {number} ratio @param {Target} target */
function meets(ratio, target) {
  return "atLeast" in target ? ratio >= target.atLeast : ratio <= target.atMost;
}

/**
 * The rows as a readable table, with failures below it.
 * @param {readonly Row[]} rows
 */
export function formatTable(rows) {
  const head = [
    "measure",
    "unit",
    "product",
    "base",
    "",
    "ratio",
    "lowest–highest",
    "target",
    "reached",
  ];
  const lines = [head, ...rows.map(cells)];
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const rightAligned = new Set([2, 3, 5]);
  const text = lines.map((line) =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return rightAligned.has(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
  text.splice(1, 0, widths.map((width) => "-".repeat(width)).join("  "));
  const failures = rows.flatMap(({ name, failures: all }) =>
    all.map((what) => `FAILED  ${name}: ${what}`),
  );
  return [...text, ...failures].join("\n");
}

/** @param {Row} row */
function cells({ name, unit, product, base, baseName, ratio, low, high, target, reached }) {
  const spread =
    low === undefined || high === undefined ? "" : `${low.toFixed(2)}–${high.toFixed(2)}`;
  return [
    name,
    unit,
    figure(product),
    figure(base),
    baseName,
    ratio?.toFixed(2) ?? "",
    spread,
    bound(target),
    verdict(reached),
  ];
}

/** Three significant digits, and whole thousands. @param {number | undefined} value */
function figure(value) {
  if (value === undefined) return "";
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(3);
}

/** @param {Target | undefined} target */
function bound(target) {
  if (target === undefined) return "";
  return "atLeast" in target ? `≥ ${target.atLeast.toFixed(2)}` : `≤ ${target.atMost.toFixed(2)}`;
}

/** @param {boolean | undefined} reached */
function verdict(reached) {
  if (reached === undefined) return "";
  return reached ? "yes" : "NO";
}
