import type { Report } from "../../../src/readers/cloudformation/rules/report.ts";

/** Collects findings, each as its severity, line, column and problem. */
export function findings() {
  const sentences: string[] = [];
  const report: Report = ({ severity, origin, problem }) => {
    const place = origin === undefined ? "" : `${origin.line}:${origin.column} `;
    sentences.push(`${severity} ${place}${problem}`);
  };
  return { report, sentences };
}
