import type { Origin } from "../../cloudformation/rules/origins.ts";
import { attributeValue, evaluate, type Scope } from "./evaluate-hcl.ts";
import type { FunctionContext } from "./functions.ts";
import { type Attribute, type Block, type Body, type Expression, HclFault } from "./hcl-syntax.ts";
import { DataInstance, ResourceInstance } from "./instances.ts";
import type { KeyBook } from "./resource-names.ts";
import {
  Attributed,
  isEntries,
  isList,
  plain,
  sortedEntries,
  textOf,
  type Value,
  ValueFault,
} from "./values.ts";
import { convertTo } from "./variable-types.ts";
import type { Surroundings } from "./written-resource.ts";

/** A file of a module, parsed. */
export type SourceFile = { readonly file: string; readonly body: Body };

/** What the modules of a project share. */
export type ModuleParts = {
  readonly context: FunctionContext;
  readonly surroundings: Surroundings;
  readonly keys: KeyBook;
  /** Reports an error, once per place. */
  readonly fault: (fault: HclFault, severity: "error" | "warning") => void;
  /** The files of a called module; undefined, and reported, if they are not on this disk. */
  readonly open: (call: ModuleCall) => OpenedModule | undefined;
};

export type ModuleCall = {
  readonly source: string;
  /** Module names from the root down to it. */
  readonly names: readonly string[];
  /** The directory of the calling module. */
  readonly directory: string;
  readonly origin: Origin;
};

export type OpenedModule = {
  readonly files: readonly SourceFile[];
  readonly directory: string;
  /** Whether it is wsgw's own version of a module, whose places mean nothing to users. */
  readonly isBuiltIn: boolean;
};

type ModulePlace = OpenedModule & {
  /** Module names down to it, with instance keys. */
  readonly path: readonly string[];
  readonly names: readonly string[];
  readonly address: string;
  /** The place of the call, if places in the module mean nothing to users. */
  readonly at?: Origin | undefined;
  /** The given value of a variable; undefined for its default. */
  readonly input: (name: string, type: Expression | undefined) => Value | undefined;
};

/** The instances of a block with `count` or `for_each`, by key. */
type Instances<T> =
  | { readonly kind: "one"; readonly item: T }
  | { readonly kind: "list"; readonly items: readonly T[] }
  | { readonly kind: "map"; readonly items: readonly (readonly [string, T])[] };

type FoundBlock = { readonly block: Block; readonly file: string };

/** Modules may call each other in a circle, which Terraform rejects. */
const DEEPEST = 20;

/** A module with its values, which are evaluated lazily. */
export class Module {
  readonly #place: ModulePlace;
  readonly #parts: ModuleParts;
  readonly #blocks = new Map<string, FoundBlock>();
  readonly #locals = new Map<string, { readonly attribute: Attribute; readonly file: string }>();
  readonly #known = new Map<string, Value>();
  readonly #open = new Set<string>();
  readonly #resources = new Map<string, Instances<ResourceInstance | DataInstance>>();
  readonly #modules = new Map<string, Instances<Module> | undefined>();
  readonly #names: ReadonlyMap<string, () => Value>;

  constructor(place: ModulePlace, parts: ModuleParts) {
    this.#place = place;
    this.#parts = parts;
    for (const { file, body } of place.files) {
      for (const block of body.blocks) {
        if (block.type === "locals") {
          for (const attribute of block.body.attributes.values())
            this.#locals.set(attribute.name, { attribute, file });
        } else this.#blocks.set([block.type, ...block.labels].join(" "), { block, file });
      }
    }
    this.#names = new Map<string, () => Value>([
      ["var", () => new View("var", (name) => this.#variable(name), this.#labelsOf("variable"))],
      ["local", () => new View("local", (name) => this.#local(name), [...this.#locals.keys()])],
      [
        "module",
        () => new View("module", (name) => this.#moduleValue(name), this.#labelsOf("module")),
      ],
      ["data", () => new View("data", (type) => this.#ofType("data", type), [])],
      ["path", () => ({ cwd: parts.context.root, module: this.#shownDirectory(), root: "." })],
      ["terraform", () => ({ workspace: parts.surroundings.workspace })],
      ["tofu", () => ({ workspace: parts.surroundings.workspace })],
    ]);
  }

  get address(): string {
    return this.#place.address;
  }

  /** The resources of the module and of those it calls, in the order of the files. */
  resources(): readonly (ResourceInstance | DataInstance)[] {
    return [...this.#blocks.values()].flatMap((found) => {
      const { type, labels } = found.block;
      const [first = "", second = ""] = labels;
      if (type === "module") {
        const called = this.#reported(found, () => this.#called(first));
        return called === undefined ? [] : itemsOf(called).flatMap((each) => each.resources());
      }
      if (type !== "resource" && type !== "data") return [];
      return this.#reported(found, () => itemsOf(this.#instances(type, first, second))) ?? [];
    });
  }

  /** An output of the module; undefined if it does not exist. */
  output(name: string): Value | undefined {
    return this.#once(`output ${name}`, () => {
      const found = this.#blocks.get(`output ${name}`);
      const value = found?.block.body.attributes.get("value");
      return found === undefined || value === undefined
        ? undefined
        : attributeValue(value, this.#scope(found.file));
    });
  }

  outputs(): readonly string[] {
    return this.#labelsOf("output");
  }

  /** An attribute of a provider block, such as `region`; undefined if absent or unknown. */
  ofProvider(provider: string, attribute: string): Value | undefined {
    const found = this.#blocks.get(`provider ${provider}`);
    const written = found?.block.body.attributes.get(attribute);
    if (found === undefined || written === undefined) return undefined;
    return this.#reported(found, () => attributeValue(written, this.#scope(found.file)));
  }

  /** The place of a node in the module. */
  originOf(
    file: string,
    { line, column }: { line: number; column: number },
    path: readonly string[],
  ): Origin {
    return this.#place.at ?? { file, line, column, path };
  }

  #labelsOf(type: string): readonly string[] {
    return [...this.#blocks.values()]
      .filter(({ block }) => block.type === type)
      .map(({ block }) => block.labels[0] ?? "");
  }

  #shownDirectory(): string {
    return this.#parts.surroundings.shown(this.#place.directory);
  }

  #scope(file: string, own: Readonly<Record<string, Value>> = {}): Scope {
    return {
      file,
      context: this.#parts.context,
      named: (name) => {
        if (Object.hasOwn(own, name)) return own[name];
        return this.#names.get(name)?.() ?? this.#ofType("resource", name);
      },
    };
  }

  /** The value of a name, evaluated once. */
  #once(name: string, find: () => Value | undefined): Value | undefined {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#open.has(name)) throw new ValueFault(`${name.replace(" ", ".")} depends on itself.`);
    this.#open.add(name);
    try {
      const value = find();
      if (value !== undefined) this.#known.set(name, value);
      return value;
    } finally {
      this.#open.delete(name);
    }
  }

  /** Reports errors, at the block if no nearer place is known. */
  #reported<T>({ block, file }: FoundBlock, find: () => T): T | undefined {
    try {
      return find();
    } catch (error) {
      const { line, column } = block;
      if (error instanceof HclFault) this.#parts.fault(error, "error");
      else if (error instanceof ValueFault) {
        this.#parts.fault(new HclFault(error.message, { line, column }, file), "error");
      } else throw error;
      return undefined;
    }
  }

  #variable(name: string): Value | undefined {
    return this.#once(`var ${name}`, () => {
      const found = this.#blocks.get(`variable ${name}`);
      if (found === undefined) return undefined;
      const { attributes } = found.block.body;
      const type = attributes.get("type")?.value;
      const inDefault = (expression: Expression) => evaluate(expression, this.#scope(found.file));
      const given = this.#place.input(name, type);
      const isNullable = attributes.get("nullable")?.value;
      const rejectsNull = isNullable?.kind === "literal" && isNullable.value === false;
      const fallback = attributes.get("default")?.value;
      const value =
        given === undefined || (given === null && rejectsNull)
          ? fallback && inDefault(fallback)
          : given;
      if (value === undefined)
        throw new ValueFault(this.#parts.surroundings.noValue(name, this.#place.names));
      return convertTo(type, plain(value), inDefault);
    });
  }

  #local(name: string): Value | undefined {
    return this.#once(`local ${name}`, () => {
      const found = this.#locals.get(name);
      return found && attributeValue(found.attribute, this.#scope(found.file));
    });
  }

  /** The resources of a type, by name; undefined if the module does not use the type. */
  #ofType(mode: "data" | "resource", type: string): Value | undefined {
    const names = [...this.#blocks.values()]
      .filter(({ block }) => block.type === mode && block.labels[0] === type)
      .map(({ block }) => block.labels[1] ?? "");
    if (names.length === 0) return undefined;
    const look = (name: string) =>
      this.#blocks.has(`${mode} ${type} ${name}`)
        ? valueFrom(this.#instances(mode, type, name))
        : undefined;
    return new View(mode === "data" ? `data.${type}` : type, look, names);
  }

  #instances(
    mode: "data" | "resource",
    type: string,
    name: string,
  ): Instances<ResourceInstance | DataInstance> {
    const id = `${mode} ${type} ${name}`;
    const known = this.#resources.get(id);
    if (known !== undefined) return known;
    const found = this.#blocks.get(id);
    if (found === undefined) throw new ValueFault(`${type}.${name} does not exist.`);
    const made = this.#guarded(id, () =>
      this.#expanded(found, (index, own) => {
        const prefix = [
          ...(this.#place.address === "" ? [] : [this.#place.address]),
          ...(mode === "data" ? ["data"] : []),
        ];
        const instance = {
          type,
          name,
          address:
            [...prefix, type, name].join(".") +
            (index === undefined ? "" : `[${JSON.stringify(index)}]`),
          key: () => this.#keyOf(type, name, index),
          body: found.block.body,
          scope: this.#scope(found.file, own),
          origin: (attribute?: Attribute) =>
            this.originOf(attribute?.file ?? found.file, attribute ?? found.block, [
              type,
              name,
              ...(attribute ? [attribute.name] : []),
            ]),
          surroundings: this.#parts.surroundings,
        };
        return mode === "data" ? new DataInstance(instance) : new ResourceInstance(instance);
      }),
    );
    this.#resources.set(id, made);
    return made;
  }

  #guarded<T>(name: string, make: () => T): T {
    if (this.#open.has(name))
      throw new ValueFault(`${name.replaceAll(" ", ".")} depends on itself.`);
    this.#open.add(name);
    try {
      return make();
    } finally {
      this.#open.delete(name);
    }
  }

  #keyOf(type: string, name: string, index: string | number | undefined): string {
    const others = [...this.#blocks.values()]
      .filter(({ block }) => block.type === "resource" && block.labels[1] === name)
      .map(({ block }) => block.labels[0] ?? "");
    return this.#parts.keys.keyOf({ path: this.#place.path, type, name, index, others });
  }

  /** The instances of a block by its `count` or `for_each`. */
  #expanded<T>(
    { block, file }: FoundBlock,
    make: (index: string | number | undefined, own: Readonly<Record<string, Value>>) => T,
  ): Instances<T> {
    const scope = this.#scope(file);
    const [count, forEach] = [
      block.body.attributes.get("count"),
      block.body.attributes.get("for_each"),
    ];
    if (count !== undefined) {
      const items = Math.min(Math.max(Number(attributeValue(count, scope)) || 0, 0), 1000);
      const indexes = Array.from({ length: items }, (_, index) => index);
      return {
        kind: "list",
        items: indexes.map((index) => make(items > 1 ? index : undefined, { count: { index } })),
      };
    }
    if (forEach === undefined) return { kind: "one", item: make(undefined, {}) };
    const items = pairsOf(attributeValue(forEach, scope)).map(
      ([key, value]) => [key, make(key, { each: { key, value } })] as const,
    );
    return { kind: "map", items };
  }

  /** The instances of a called module; undefined if it is not on this disk. */
  #called(name: string): Instances<Module> | undefined {
    if (!this.#modules.has(name)) {
      this.#modules.set(
        name,
        this.#guarded(`module ${name}`, () => this.#openCalled(name)),
      );
    }
    return this.#modules.get(name);
  }

  #openCalled(name: string): Instances<Module> | undefined {
    const found = this.#blocks.get(`module ${name}`);
    const source = found?.block.body.attributes.get("source");
    if (found === undefined || source === undefined) return undefined;
    const names = [...this.#place.names, name];
    if (names.length > DEEPEST)
      throw new ValueFault("modules are nested too deeply. Check whether one calls itself.");
    const origin = this.originOf(found.file, found.block, ["module", name]);
    const call = {
      source: textOf(attributeValue(source, this.#scope(found.file))),
      names,
      directory: this.#place.directory,
      origin,
    };
    const opened = this.#parts.open(call);
    if (opened === undefined) return undefined;
    return this.#expanded(found, (index, own) => {
      const scope = this.#scope(found.file, own);
      const given = found.block.body.attributes;
      const suffix = index === undefined ? "" : `[${JSON.stringify(index)}]`;
      return new Module(
        {
          ...opened,
          names,
          path: [...this.#place.path, name, ...(index === undefined ? [] : [String(index)])],
          address: [
            ...(this.#place.address === "" ? [] : [this.#place.address]),
            `module.${name}${suffix}`,
          ].join("."),
          at: opened.isBuiltIn ? origin : this.#place.at,
          input: (variable) => {
            const attribute = given.get(variable);
            return attribute && attributeValue(attribute, scope);
          },
        },
        this.#parts,
      );
    });
  }

  #moduleValue(name: string): Value | undefined {
    if (!this.#blocks.has(`module ${name}`)) return undefined;
    const called = this.#called(name);
    const label = `module.${name}`;
    if (called === undefined) return this.#parts.surroundings.madeUp(label);
    return valueFrom(
      mapInstances(
        called,
        (each) => new View(label, (output) => each.output(output), each.outputs()),
      ),
    );
  }
}

/** A name whose members are evaluated lazily. */
class View extends Attributed {
  readonly label: string;
  readonly #look: (name: string) => Value | undefined;
  readonly #names: readonly string[];

  constructor(label: string, look: (name: string) => Value | undefined, names: readonly string[]) {
    super();
    this.label = label;
    this.#look = look;
    this.#names = names;
  }

  attribute(name: string): Value | undefined {
    return this.#look(name);
  }

  names(): readonly string[] {
    return this.#names;
  }
}

/** In a set, each element is its own key. */
function pairsOf(value: Value): readonly (readonly [string, Value])[] {
  if (isList(value)) return value.map((each) => [textOf(each), each]);
  const entries = value instanceof Attributed ? plain(value) : value;
  return isEntries(entries) ? sortedEntries(entries) : [];
}

function itemsOf<T>(instances: Instances<T>): readonly T[] {
  switch (instances.kind) {
    case "one":
      return [instances.item];
    case "list":
      return instances.items;
    default:
      return instances.items.map(([, item]) => item);
  }
}

function mapInstances<T, U>(instances: Instances<T>, change: (item: T) => U): Instances<U> {
  switch (instances.kind) {
    case "one":
      return { kind: "one", item: change(instances.item) };
    case "list":
      return { kind: "list", items: instances.items.map(change) };
    default:
      return { kind: "map", items: instances.items.map(([key, item]) => [key, change(item)]) };
  }
}

function valueFrom(instances: Instances<Attributed>): Value {
  if (instances.kind === "one") return instances.item;
  return instances.kind === "list" ? instances.items : Object.fromEntries(instances.items);
}
