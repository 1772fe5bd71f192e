import type { Origin } from "../../cloudformation/rules/origins.ts";
import { dataAttribute } from "./data-sources.ts";
import { attributeValue, evaluate, type Scope } from "./evaluate-hcl.ts";
import { type Attribute, type Block, type Body, HclFault } from "./hcl-syntax.ts";
import { computed } from "./local-attributes.ts";
import {
  Attributed,
  type Entries,
  isEntries,
  isList,
  plain,
  sortedEntries,
  type Value,
  ValueFault,
} from "./values.ts";
import type { Surroundings, WrittenResource } from "./written-resource.ts";

type Parts = {
  readonly type: string;
  readonly name: string;
  readonly address: string;
  readonly key: () => string;
  readonly body: Body;
  readonly scope: Scope;
  readonly origin: (attribute?: Attribute) => Origin;
  readonly surroundings: Surroundings;
};

/** Meta-arguments of Terraform, not attributes of the resource. */
const META: ReadonlySet<string> = new Set([
  "connection",
  "count",
  "depends_on",
  "for_each",
  "lifecycle",
  "provider",
  "provisioner",
  "timeouts",
]);

abstract class Instance extends Attributed implements WrittenResource {
  protected readonly parts: Parts;
  readonly #known = new Map<string, Value>();
  readonly #open = new Set<string>();

  constructor(parts: Parts) {
    super();
    this.parts = parts;
  }

  abstract readonly isData: boolean;
  protected abstract derived(name: string): Value | undefined;

  get label(): string {
    return this.parts.address;
  }

  get address(): string {
    return this.parts.address;
  }

  get type(): string {
    return this.parts.type;
  }

  get key(): string {
    return this.parts.key();
  }

  attribute(name: string): Value | undefined {
    return this.value(name);
  }

  names(): readonly string[] {
    const { attributes, blocks } = this.parts.body;
    const own = [...attributes.keys(), ...blocks.map(typeOf), "id", "arn"];
    return [...new Set(own)].filter((name) => !META.has(name));
  }

  readonly value = (name: string): Value | undefined => this.written(name) ?? this.derived(name);

  readonly written = (name: string): Value | undefined => {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#open.has(name)) throw new ValueFault(`${this.address}.${name} depends on itself.`);
    this.#open.add(name);
    try {
      const value = attributeIn(this.parts.body, name, this.parts.scope) ?? undefined;
      if (value !== undefined) this.#known.set(name, value);
      return value;
    } finally {
      this.#open.delete(name);
    }
  };

  readonly origin = (attribute?: string): Origin => {
    const { body, origin } = this.parts;
    const block = body.blocks.find((each) => typeOf(each) === attribute);
    const found = attribute === undefined ? undefined : body.attributes.get(attribute);
    if (block === undefined) return origin(found);
    const { line, column } = block;
    const whole = origin();
    return { ...whole, line, column, path: [...whole.path, attribute ?? ""] };
  };
}

export class ResourceInstance extends Instance {
  readonly isData = false;

  protected derived(name: string): Value | undefined {
    return computed(this, name, this.parts.surroundings.place);
  }
}

export class DataInstance extends Instance {
  readonly isData = true;

  protected derived(name: string): Value | undefined {
    return dataAttribute(this, name, this.parts.surroundings);
  }
}

/** `variable` for `dynamic "variable"`. */
function typeOf({ type, labels }: Block): string {
  return type === "dynamic" ? (labels[0] ?? "") : type;
}

/** An attribute, or all blocks of a type, including `dynamic` ones. */
function attributeIn(body: Body, name: string, scope: Scope): Value | undefined {
  const attribute = META.has(name) ? undefined : body.attributes.get(name);
  if (attribute !== undefined) return attributeValue(attribute, scope);
  const blocks = body.blocks.filter((each) => typeOf(each) === name && !META.has(name));
  return blocks.length === 0 ? undefined : blocks.flatMap((block) => blockValues(block, scope));
}

function blockValues(block: Block, scope: Scope): readonly Entries[] {
  if (block.type !== "dynamic") return [bodyValue(block.body, scope)];
  const { attributes, blocks } = block.body;
  const [forEach, iterator] = [attributes.get("for_each"), attributes.get("iterator")?.value];
  const content = blocks.find(({ type }) => type === "content");
  if (forEach === undefined || content === undefined) {
    throw new HclFault("a dynamic block needs for_each and content.", block, scope.file);
  }
  const name = iterator?.kind === "name" ? iterator.name : block.labels[0];
  return elements(evaluate(forEach.value, scope)).map(([key, value]) =>
    bodyValue(content.body, {
      ...scope,
      named: (each) => (each === name ? { key, value } : scope.named(each)),
    }),
  );
}

function elements(value: Value): readonly (readonly [Value, Value])[] {
  if (isList(value)) return value.map((each, at) => [typeof each === "string" ? each : at, each]);
  const entries = plain(value);
  return isEntries(entries) ? sortedEntries(entries) : [];
}

function bodyValue(body: Body, scope: Scope): Entries {
  const names = new Set([...body.attributes.keys(), ...body.blocks.map(typeOf)]);
  return Object.fromEntries(
    [...names].map((name) => [name, attributeIn(body, name, scope) ?? null]),
  );
}
