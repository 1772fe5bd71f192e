// @ts-check

/**
 * The value that `percent` of the values do not exceed, by nearest rank.
 * @param {readonly number[]} values @param {number} percent
 */
export function percentile(values, percent) {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/**
 * The middle value, or the mean of the two middle ones.
 * @param {readonly number[]} values
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/**
 * Compares two series that were measured in turn: the median of the ratios of neighbours, with the lowest and
 * the highest. A temporary slowdown of the machine affects both sides of a ratio.
 * @param {readonly number[]} product @param {readonly number[]} base
 */
export function pairedRatio(product, base) {
  if (product.length !== base.length) throw new Error("The two series differ in length.");
  const ratios = product.map((value, index) => value / (base[index] ?? Number.NaN));
  return { ratio: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) };
}
