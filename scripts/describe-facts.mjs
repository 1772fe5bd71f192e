// What src/emulator/**/facts.ts say of the facts, for docs/facts.md and for the types in the package.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Everything that a file of descriptions exports. */
export async function descriptionsIn(file) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [file],
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
  });
  const code = Buffer.from(outputFiles[0].text).toString("base64");
  return import(`data:text/javascript;base64,${code}`);
}

/** The words of a schema, or of what it wraps. */
export function descriptionOf(schema) {
  const own = schema.pipe?.find(({ type }) => type === "description")?.description;
  return own ?? (schema.wrapped === undefined ? "" : descriptionOf(schema.wrapped));
}

export function entriesOf(schema) {
  return schema.entries ?? entriesOf(schema.pipe[0]);
}

/** A type as TypeScript writes it; `field` writes a field of an object, `list` an array. */
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
    case "undefinedable":
    case "optional":
      return `${of(schema.wrapped)} | undefined`;
    case "exact_optional":
      return of(schema.wrapped);
    case "custom":
      return "WebSocketEvent";
    default:
      return schema.type;
  }
}

/**
 * The declarations of a file of descriptions without valibot, which users of the package do not have: its types
 * written out, with the descriptions as comments.
 */
export async function declarationsOf(file, text) {
  const descriptions = await descriptionsIn(file);
  const statements = text.matchAll(
    /^import .*?;$|(?:^\/\*\*(?:(?!\*\/).)*\*\/\n)?^export type .*?;$/gms,
  );
  return [...statements]
    .map(([statement]) => statement)
    .filter((statement) => !statement.includes('"valibot"'))
    .map((statement) =>
      statement
        .replace(/^import \{(.*)\}/s, (_, names) => `import { ${typesAmong(names)} }`)
        .replace(/v\.InferOutput<typeof (\w+)>/, (_, name) => typeOf(descriptions[name], READONLY)),
    )
    .join("\n")
    .concat("\n");
}

function typesAmong(names) {
  return names
    .split(",")
    .filter((name) => name.trim().startsWith("type "))
    .join(",");
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
