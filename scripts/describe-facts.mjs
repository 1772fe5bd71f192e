// The descriptions of facts in src/emulator/**/facts.ts, for docs/facts.md and for the types in the package.
import { loadTypeScript } from "./docs/typescript.mjs";

/** The description of a schema, or of the schema that it wraps. */
export function descriptionOf(schema) {
  const own = schema.pipe?.find(({ type }) => type === "description")?.description;
  return own ?? (schema.wrapped === undefined ? "" : descriptionOf(schema.wrapped));
}

export function entriesOf(schema) {
  return schema.entries ?? entriesOf(schema.pipe[0]);
}

/** A type in TypeScript syntax; `field` formats a field of an object, `list` an array. */
export function typeOf(schema, { field, list }) {
  const of = (inner) => typeOf(inner, { field, list });
  switch (schema.type) {
    case "literal":
      return JSON.stringify(schema.literal);
    case "picklist":
      return schema.options.map((option) => JSON.stringify(option)).join(" | ");
    case "array": {
      const item = of(schema.item);
      return list(item.includes("|") ? `(${item})` : item);
    }
    case "variant":
      return schema.options.map(of).join(" | ");
    case "strict_object":
      return `{ ${Object.entries(schema.entries)
        .map(([name, inner]) => field(name, inner, of(inner)))
        .join("; ")} }`;
    case "record":
      return `{ readonly [name: string]: ${of(schema.value)} }`;
    case "undefinedable":
    case "optional":
      return `${of(schema.wrapped)} | undefined`;
    case "exact_optional":
      return of(schema.wrapped);
    case "string":
    case "number":
    case "boolean":
    case "unknown":
      return schema.type;
    default:
      throw new Error(
        `A fact uses the valibot schema "${schema.type}"; say in typeOf how to write it.`,
      );
  }
}

/**
 * The declarations that tsc emitted for a file of facts, without valibot, which users of the package do not
 * have: its types are written out, with the descriptions as comments. The constants are `@internal`, so tsc
 * omitted them.
 */
export async function declarationsOf(file, emitted) {
  const descriptions = await loadTypeScript(file);
  const declarations = emitted
    .replace('import * as v from "valibot";\n', "")
    .replace(/\bv\.InferOutput<typeof (\w+)>/g, (_, name) => typeOf(descriptions[name], READONLY));
  const left = /^.*(?:"valibot"|\bv\.[A-Z]|^(?:export )?declare ).*$/m.exec(declarations);
  if (left !== null) {
    throw new Error(
      `${file} declares for the package what needs valibot: ${left[0]} Mark constants @internal, and write types as v.InferOutput<typeof CONSTANT>.`,
    );
  }
  return declarations;
}

const READONLY = {
  field(name, schema, type) {
    const words = descriptionOf(schema);
    const comment = words === "" ? "" : `/** ${words} */ `;
    const mark = /optional/.test(schema.type) ? "?" : "";
    return `${comment}readonly ${name}${mark}: ${type}`;
  },
  list: (item) => `readonly ${item}[]`,
};
