import { SCHEMA_LINES } from "./schema-data.ts";
import { TYPE_LINES } from "./schema-types.ts";

/** What a property may hold. */
export type Kind =
  | { readonly of: "string" | "integer" | "number" | "boolean" | "json" }
  | { readonly of: "list" | "map"; readonly item: Kind }
  | { readonly of: "object"; readonly name: string };

export type Replacement = "never" | "always" | "sometimes";

export type PropertySchema = {
  readonly kind: Kind;
  readonly required: boolean;
  /** Whether a change makes CloudFormation put a new resource in this one's place. */
  readonly replacement: Replacement;
};

export type Properties = Readonly<Record<string, PropertySchema>>;

export type ResourceSchema = {
  /** What GetAtt may ask for. */
  readonly attributes: readonly string[];
  readonly properties: Properties;
  /** Fields of the objects within, by the names that `kind` uses. */
  readonly types: Readonly<Record<string, Properties>>;
};

let schemas: ReadonlyMap<string, ResourceSchema> | undefined;

/** The schema of a resource type; undefined for those that wsgw emits none of. */
export function resourceSchema(type: string): ResourceSchema | undefined {
  schemas ??= new Map(SCHEMA_LINES.trim().split("\n").map(readLine));
  return schemas.get(type);
}

type Line = {
  readonly type: string;
  readonly attributes: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

function readLine(line: string): readonly [string, ResourceSchema] {
  const { type, attributes, properties, types }: Line = JSON.parse(line);
  const readTypes = Object.entries(types).map(([name, fields]) => [name, readFields(fields)]);
  return [
    type,
    { attributes, properties: readFields(properties), types: Object.fromEntries(readTypes) },
  ];
}

function readFields(fields: Readonly<Record<string, string>>): Properties {
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, readField(text)]));
}

/** Such as `list KeySchema!^`. */
function readField(text: string): PropertySchema {
  const words = text.replace(/[!^~]+$/, "");
  const replacement = text.endsWith("^") ? "always" : text.endsWith("~") ? "sometimes" : "never";
  return { kind: readKind(words), required: /![\^~]?$/.test(text), replacement };
}

function readKind(words: string): Kind {
  const [, container, item] = /^(list|map) (.+)$/.exec(words) ?? [];
  if (container === "list" || container === "map")
    return { of: container, item: readKind(item ?? "") };
  switch (words) {
    case "string":
    case "integer":
    case "number":
    case "boolean":
    case "json":
      return { of: words };
    default:
      return { of: "object", name: words };
  }
}

let types: readonly string[] | undefined;

/** Every type of AWS's; those of other vendors and of one's own are not known. */
export function knownTypes(): readonly string[] {
  types ??= TYPE_LINES.trim()
    .split("\n")
    .flatMap((line) => {
      const [service = "", ...names] = line.split(" ");
      return names.map((name) => `${service}::${name}`);
    });
  return types;
}
