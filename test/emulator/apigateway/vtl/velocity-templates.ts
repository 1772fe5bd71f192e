import { readFileSync } from "node:fs";
import { evaluateTemplate } from "../../../../src/emulator/apigateway/vtl/rules/evaluate-template.ts";
import {
  JavaMap,
  List,
  type Value,
} from "../../../../src/emulator/apigateway/vtl/rules/java-values.ts";
import { parseTemplate } from "../../../../src/emulator/apigateway/vtl/rules/parse-template.ts";
import { TemplateFault } from "../../../../src/emulator/apigateway/vtl/rules/syntax.ts";

/** Templates, and what Velocity on Java gives for them; `✗` where it refuses one. */
export const RECORDED: readonly (readonly [template: string, text: string])[] = JSON.parse(
  readFileSync(new URL("judges/templates.json", import.meta.url), "utf8"),
);

/** The same values as `values()` of judges/Render.java. */
function values(): Value {
  const inner = () =>
    new JavaMap([
      ["x", 1n],
      ["y", "two"],
    ]);
  const fields: Record<string, Value> = {
    s: "Hello, World",
    empty: "",
    n: 7n,
    zero: 0n,
    big: 1790299471061n,
    d: 2.5,
    yes: true,
    no: false,
    map: inner(),
    list: new List(["a", "b", "c"]),
    numbers: new List([1n, 2n, 3n]),
    none: new List([]),
    nested: new JavaMap([["map", inner()]]),
  };
  return new JavaMap(Object.entries(fields));
}

/** What wsgw gives for a template, `✗` where it refuses it. */
export function byWsgw(template: string): string {
  try {
    return evaluateTemplate(parseTemplate(template), new Map([["context", values()]]), {
      areRootsQuiet: false,
    });
  } catch (error) {
    if (error instanceof TemplateFault) return "✗";
    throw error;
  }
}
