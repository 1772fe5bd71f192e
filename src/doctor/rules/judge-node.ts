import { blocked, type Finding, good } from "./findings.ts";

/** Checks the running Node against `engines` of the package, such as `>=20.19`. */
export function judgeNode(version: string, engines: string): Finding {
  const needed = numbers(engines);
  const comparison = compare(numbers(version), needed);
  if (comparison >= 0) return good("node", `Node ${version}; wsgw needs ${engines}.`);
  const advice = `Install Node ${needed.join(".")} or newer: https://nodejs.org.`;
  return blocked("node", `Node ${version} is too old; wsgw needs ${engines}.`, advice);
}

function numbers(text: string): readonly number[] {
  return (/\d+(?:\.\d+)*/.exec(text)?.[0] ?? "0").split(".").map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = b.findIndex((part, index) => (a[index] ?? 0) !== part);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
