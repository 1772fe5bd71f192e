import { expect, test } from "vitest";
import { checkProject } from "../../src/definition/checks.ts";
import { parseRouteExpression } from "../../src/emulator/apigateway/message/rules/route-expression.ts";
import { WsgwError } from "../../src/errors.ts";
import { sampled } from "../rounds.ts";
import { everything, twoApis } from "./definitions.ts";

/** What JSON or code may have where something else belongs; none of the objects can be made text. */
const WRONG: readonly unknown[] = [
  null,
  true,
  7,
  "",
  "text",
  [],
  [null],
  {},
  { toString: 1 },
  { toString: { toString: 1 }, name: { toString: 1 } },
  Symbol("sign"),
  10n,
  () => {},
];

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, part]) => pathsIn(part, [...path, key]));
  return [...(path.length > 0 ? [path] : []), ...below];
}

/** A copy in which another value stands at a path. */
function withValue(whole: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const copy = Array.isArray(whole) ? [...whole] : { ...(whole as object) };
  const parts = copy as Record<string | number, unknown>;
  parts[key] = withValue(parts[key], rest, value);
  return copy;
}

test.each([
  ["one API", everything],
  ["several", twoApis],
])("accepts or reports any value in a definition of %s", (_, whole) => {
  const wrong = pathsIn(whole).flatMap((path) => WRONG.map((value) => ({ path, value })));
  for (const { path, value } of sampled(wrong)) {
    try {
      checkProject(withValue(whole, path, value), "wsgw.config.ts", {
        parseExpression: parseRouteExpression,
      });
    } catch (error) {
      const place = `${path.join(".")}: ${String((error as Error).stack)}`;
      expect(error, place).toBeInstanceOf(WsgwError);
    }
  }
});
