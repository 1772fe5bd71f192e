import { readFileSync } from "node:fs";

/** Expressions of HCL, a line each, whose values Terraform itself says in the judge's test. */
export const EXPRESSIONS: readonly string[] = readFileSync(
  new URL("expressions.txt", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n");
