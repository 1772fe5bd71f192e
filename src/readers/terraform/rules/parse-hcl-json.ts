import type { Place } from "../../../definition/places.ts";
import { type Attribute, type Block, type Body, type Expression, HclFault } from "./hcl-syntax.ts";
import { parseExpression, parseJsonExpression } from "./parse-hcl.ts";

/** Number of labels by top-level block type. Other types have no effect here. */
const LABELS: Readonly<Record<string, number>> = {
  data: 2,
  locals: 0,
  module: 1,
  output: 1,
  provider: 1,
  resource: 2,
  terraform: 0,
  variable: 1,
};

/**
 * Parses HCL in JSON syntax, such as `main.tf.json`. Nested blocks are values here, and are also read as
 * values. Throws an HclFault for what Terraform would reject.
 * @see https://developer.hashicorp.com/terraform/language/syntax/json
 */
export function parseHclJson(text: string): Body {
  const whole = parseJsonExpression(text);
  const blocks = objectsIn(whole).flatMap((object) =>
    itemsOf(object).flatMap(([type, value]) => {
      const labels = Object.hasOwn(LABELS, type) ? LABELS[type] : undefined;
      return labels === undefined ? [] : blocksOf(type, value, labels, []);
    }),
  );
  return { attributes: new Map(), blocks };
}

function blocksOf(
  type: string,
  value: Expression,
  more: number,
  labels: readonly string[],
): readonly Block[] {
  return objectsIn(value).flatMap((object) =>
    more === 0
      ? [{ type, labels, body: bodyOf(type, object), ...placeOf(object) }]
      : itemsOf(object).flatMap(([label, inner]) =>
          blocksOf(type, inner, more - 1, [...labels, label]),
        ),
  );
}

function bodyOf(type: string, object: Expression): Body {
  const attributes = new Map<string, Attribute>();
  const blocks: Block[] = [];
  for (const [name, value] of itemsOf(object)) {
    if (name === "dynamic") blocks.push(...dynamicBlocks(value));
    else if (name !== "//") {
      const own = type === "variable" && name === "type" ? typeIn(value) : value;
      attributes.set(name, { name, value: own, ...placeOf(value) });
    }
  }
  return { attributes, blocks };
}

function dynamicBlocks(value: Expression): readonly Block[] {
  return blocksOf("dynamic", value, 1, []).map((block) => {
    const { content, iterator, ...others } = Object.fromEntries(block.body.attributes);
    const blocks = content === undefined ? [] : blocksOf("content", content.value, 0, []);
    const attributes = new Map(Object.entries(others));
    if (iterator !== undefined) {
      attributes.set("iterator", { ...iterator, value: typeIn(iterator.value) });
    }
    return { ...block, body: { attributes, blocks } };
  });
}

/** Strings in JSON that are not strings in HCL: a type, the name of an iterator. */
function typeIn(value: Expression): Expression {
  if (value.kind !== "literal" || typeof value.value !== "string") return value;
  return parseExpression(value.value);
}

/** An object, or the objects of an array. */
function objectsIn(value: Expression): readonly Expression[] {
  const all = value.kind === "list" ? value.items : [value];
  for (const each of all) {
    if (each.kind !== "object") throw new HclFault("expected an object.", placeOf(each));
  }
  return all;
}

function itemsOf(object: Expression): readonly (readonly [string, Expression])[] {
  if (object.kind !== "object") return [];
  return object.items.flatMap(([key, value]) =>
    key.kind === "literal" ? [[String(key.value), value] as const] : [],
  );
}

function placeOf({ line, column }: Place): Place {
  return { line, column };
}
