import { fieldOf, isObject, stringIn } from "../../../values/json.ts";
import { mapValues } from "../../../values/map-values.ts";
import type { Origin } from "../../cloudformation/rules/origins.ts";
import { computed, hasOwnValues, type Place } from "./local-attributes.ts";
import { hiddenPolicy } from "./policy-document.ts";
import type { KeyBook } from "./resource-names.ts";
import {
  ELSEWHERE,
  type Entries,
  isEntries,
  isList,
  memberOf,
  plain,
  textOf,
  type Value,
} from "./values.ts";
import type { WrittenResource } from "./written-resource.ts";

/** The output of `terraform show -json` for a plan or a state. */
export type PlanText = { readonly file: string; readonly text: string; readonly json: unknown };

/** The inputs for reading a plan. */
export type PlanParts = {
  readonly place: Place;
  readonly keys: KeyBook;
  /**
   * The same resource in the neighbouring files, which contain more about values known after the deployment.
   */
  readonly inFiles: (address: string) => WrittenResource | undefined;
};

type Found = {
  readonly type: string;
  readonly name: string;
  readonly address: string;
  readonly index: string | number | undefined;
  readonly module: string;
  readonly isData: boolean;
  readonly values: Entries;
  /** What is known only after the deployment. */
  readonly unknown: unknown;
  /** The references of its attributes. */
  readonly expressions: unknown;
};

/** The resources of a plan or a state. A state contains AWS's values, which are replaced by local ones. */
export function readPlan(plan: PlanText, parts: PlanParts): readonly WrittenResource[] {
  const found = foundIn(plan.json);
  const resources: PlanResource[] = [];
  const byAddress = new Map<string, PlanResource>();
  for (const each of found) {
    const others = found.filter(({ module, name }) => module === each.module && name === each.name);
    const types = others.map(({ type }) => type);
    const resource = new PlanResource(each, types, { ...parts, plan, all: byAddress });
    byAddress.set(each.address, resource);
    resources.push(resource);
  }
  const isState = fieldOf(plan.json, "planned_values") === undefined;
  if (isState) substitute(resources, parts.place);
  return resources;
}

/** The region of a plan or a state; undefined if it contains none. */
export function regionInPlan({ json, text }: Pick<PlanText, "json" | "text">): string | undefined {
  const configured = at(json, "configuration", "provider_config", "aws", "expressions", "region");
  const [reference] = referencesIn(configured);
  const variable = /^var\.(\w+)$/.exec(reference ?? "")?.[1];
  const region =
    stringIn(configured, "constant_value") ??
    stringIn(at(json, "variables", variable ?? ""), "value") ??
    /"arn:[\w-]+:(?:lambda|dynamodb):([\w-]+):/.exec(text)?.[1];
  return region || undefined;
}

/** The values of a plan's variables, by name. */
export function variablesIn(json: unknown): Entries {
  const variables = fieldOf(json, "variables");
  if (!isObject(variables)) return {};
  return mapValues(variables, (each) => fieldOf(each, "value") ?? null) as Entries;
}

function at(json: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce(fieldOf, json);
}

/** Data sources that a plan has read are in its prior state. */
function foundIn(json: unknown): readonly Found[] {
  const configuration = at(json, "configuration", "root_module");
  const changes = fieldOf(json, "resource_changes");
  const unknowns = new Map(
    (Array.isArray(changes) ? changes : []).map((change) => [
      stringIn(change, "address") ?? "",
      at(change, "change", "after_unknown"),
    ]),
  );
  const planned = at(json, "planned_values", "root_module") ?? at(json, "values", "root_module");
  const before = at(json, "prior_state", "values", "root_module");
  const all = [
    ...resourcesIn(planned, configuration, unknowns),
    ...resourcesIn(before, configuration, unknowns).filter(({ isData }) => isData),
  ];
  return [...new Map(all.map((each) => [each.address, each])).values()];
}

function resourcesIn(
  module: unknown,
  configuration: unknown,
  unknowns: ReadonlyMap<string, unknown>,
): readonly Found[] {
  const address = stringIn(module, "address") ?? "";
  const configured = listIn(configuration, "resources");
  const own = listIn(module, "resources").flatMap((each): readonly Found[] => {
    const [type, name] = [stringIn(each, "type") ?? "", stringIn(each, "name") ?? ""];
    const index = fieldOf(each, "index");
    const values = fieldOf(each, "values");
    const known = stringIn(each, "address") ?? "";
    const config = configured.find(
      (one) => stringIn(one, "type") === type && stringIn(one, "name") === name,
    );
    return [
      {
        type,
        name,
        address: known,
        index: typeof index === "string" || typeof index === "number" ? index : undefined,
        module: address,
        isData: stringIn(each, "mode") === "data",
        values: isObject(values) ? (values as Entries) : {},
        unknown: unknowns.get(known),
        expressions: fieldOf(config, "expressions"),
      },
    ];
  });
  const below = listIn(module, "child_modules").flatMap((child) => {
    const name = modulesIn(stringIn(child, "address") ?? "").findLast(({ isName }) => isName)?.part;
    return resourcesIn(child, at(configuration, "module_calls", name ?? "", "module"), unknowns);
  });
  return [...own, ...below];
}

function listIn(json: unknown, name: string): readonly unknown[] {
  const list = fieldOf(json, name);
  return Array.isArray(list) ? list : [];
}

/** The names and keys in `module.chat["a"].module.inner`. */
function modulesIn(
  address: string,
): readonly { readonly part: string; readonly isName: boolean }[] {
  const found = address.matchAll(/module\.([\w-]+)(?:\[(?:"([^"]*)"|(\d+))\])?/g);
  return [...found].flatMap(([, name = "", key, index]) => {
    const instance = key ?? index;
    return [
      { part: name, isName: true },
      ...(instance === undefined ? [] : [{ part: instance, isName: false }]),
    ];
  });
}

/** The complete references of an expression: `a.b.id` and not also `a.b`. */
function referencesIn(expression: unknown): readonly string[] {
  const own = listIn(expression, "references").filter((each) => typeof each === "string");
  const names = own.filter((each) => !own.some((other) => other !== each && isWithin(each, other)));
  if (names.length > 0 || !isObject(expression)) {
    return names.length > 0 || !Array.isArray(expression)
      ? names
      : expression.flatMap(referencesIn);
  }
  return Object.values(expression).flatMap((each) =>
    Array.isArray(each) ? each.flatMap(referencesIn) : referencesIn(each),
  );
}

function isWithin(name: string, other: string): boolean {
  return other.startsWith(`${name}.`) || other.startsWith(`${name}[`);
}

/** Information about a value beyond the plan's own. */
type Later = {
  readonly name: string;
  readonly unknown: unknown;
  readonly expression: unknown;
  readonly inFiles: Value | undefined;
};

type Known = PlanParts & {
  readonly plan: PlanText;
  readonly all: ReadonlyMap<string, PlanResource>;
};

class PlanResource implements WrittenResource {
  readonly #found: Found;
  readonly #types: readonly string[];
  readonly #known: Known;
  #values: Entries;

  constructor(found: Found, types: readonly string[], known: Known) {
    this.#found = found;
    this.#types = types;
    this.#known = known;
    this.#values = found.values;
  }

  get type(): string {
    return this.#found.type;
  }

  get address(): string {
    return this.#found.address;
  }

  get isData(): boolean {
    return this.#found.isData;
  }

  get key(): string {
    const { type, name, index, module } = this.#found;
    const same = this.#known.inFiles(this.address);
    if (same !== undefined) return same.key;
    const path = modulesIn(module).map(({ part }) => part);
    const isOnly = index === 0 && !this.#known.all.has(this.address.replace(/\[0\]$/, "[1]"));
    const own = { path, type, name, index: isOnly ? undefined : index, others: this.#types };
    return this.#known.keys.keyOf(own);
  }

  get values(): Entries {
    return this.#values;
  }

  /** Replaces AWS's values with local ones. */
  replaceTexts(replace: (text: string) => string): void {
    this.#values = inTexts(this.#values, replace);
  }

  readonly origin = (): Origin => {
    const { file, text } = this.#known.plan;
    const shown = JSON.stringify(this.address);
    const found = ["", " "].map((blank) => text.indexOf(`"address":${blank}${shown}`));
    const index = Math.max(...found, 0);
    const before = text.slice(0, index).split("\n");
    const column = (before.at(-1)?.length ?? 0) + 1;
    return { file, line: before.length, column, path: [this.address] };
  };

  readonly value = (name: string): Value | undefined =>
    this.written(name) ?? computed(this, name, this.#known.place);

  readonly written = (name: string): Value | undefined => {
    const value = this.#values[name] ?? null;
    const unknown = fieldOf(this.#found.unknown, name);
    if (!isUnknown(unknown)) return value ?? undefined;
    const known = { name, unknown, expression: fieldOf(this.#found.expressions, name) };
    const inFiles = this.#known.inFiles(this.address)?.written(name);
    return this.#filled(value, { ...known, inFiles }) ?? undefined;
  };

  /** A value completed with what is known later: from the neighbouring files, else from its references. */
  #filled(value: Value, { name, unknown, expression, inFiles }: Later): Value {
    if (unknown === true) {
      const isKnown = inFiles !== undefined && !JSON.stringify(plain(inFiles)).includes(ELSEWHERE);
      return isKnown ? inFiles : (this.#fromReferences(name, expression) ?? null);
    }
    if (isList(value)) {
      const all = Array.isArray(expression) ? expression : [expression];
      return value.map((each, at) =>
        this.#filled(each, {
          name,
          unknown: fieldOf(unknown, String(at)),
          expression: all[at] ?? all[0],
          inFiles: inFiles === undefined ? undefined : memberOf(inFiles, at),
        }),
      );
    }
    if (!isObject(unknown)) return value;
    const entries = Object.entries(unknown).filter(([, each]) => isUnknown(each));
    const own = isEntries(value) ? value : {};
    const filled = entries.map(([key, each]) => [
      key,
      this.#filled(own[key] ?? null, {
        name: key,
        unknown: each,
        expression: fieldOf(expression, key) ?? expression,
        inFiles: inFiles === undefined || inFiles === null ? undefined : memberOf(inFiles, key),
      }),
    ]);
    return { ...own, ...Object.fromEntries(filled) };
  }

  /** A value known later, from its references. For some attributes the surrounding text is known. */
  #fromReferences(name: string, expression: unknown): Value | undefined {
    if (name === "policy" || name === "assume_role_policy") {
      return JSON.stringify(hiddenPolicy("known after apply"));
    }
    if (!Object.hasOwn(DEFAULTS, name)) return this.#best(name, expression);
    const [first, ...more] = this.#referred(expression, DEFAULTS[name] ?? "arn");
    if (first === undefined) return undefined;
    if (name === "target") return `integrations/${textOf(first)}`;
    if (name === "source_arn" && textOf(first).includes(":execute-api:")) {
      return `${textOf(first)}/*`;
    }
    return name === "layers" ? [first, ...more] : first;
  }

  /** The most likely value of an environment variable among the references of its map. */
  #best(variable: string, expression: unknown): Value | undefined {
    const words = variable.toLowerCase().split("_");
    const scored = referencesIn(expression).flatMap((reference) => {
      const [value] = this.#referredBy(reference, "id");
      const named = reference.toLowerCase();
      const isUrl = /url|endpoint|host/.test(variable.toLowerCase());
      const fits = words.filter((word) => word.length > 1 && named.includes(word)).length;
      const suits = isUrl === /endpoint|invoke_url|\.url/.test(named) ? 1 : 0;
      return value === undefined ? [] : [{ value, score: fits + suits }];
    });
    const best = scored.sort((one, other) => other.score - one.score)[0]?.value;
    if (best === undefined) return undefined;
    return /url|endpoint/i.test(variable) ? textOf(best).replace(/^wss:/, "https:") : best;
  }

  #referred(expression: unknown, attribute: string): readonly Value[] {
    return referencesIn(expression).flatMap((reference) => this.#referredBy(reference, attribute));
  }

  /** The value of `aws_lambda_function.join.arn`; of several instances, that of the same key. */
  #referredBy(reference: string, attribute: string): readonly Value[] {
    const [, data = "", type, name, key = "", named] =
      /^(data\.)?([a-z]\w+)\.([\w-]+)(\[[^\]]*\])?(?:\.(\w+))?/.exec(reference) ?? [];
    if (type === undefined || name === undefined) return [];
    const { module, index } = this.#found;
    const address = `${module === "" ? "" : `${module}.`}${data}${type}.${name}`;
    const own = index === undefined ? "" : `[${JSON.stringify(index)}]`;
    const { all } = this.#known;
    const target =
      all.get(`${address}${key}`) ?? all.get(`${address}${own}`) ?? all.get(`${address}[0]`);
    const value = target?.value(named ?? attribute);
    return value === undefined ? [] : [value];
  }
}

/** The attribute that a reference to a whole resource means. */
const DEFAULTS: Readonly<Record<string, string>> = {
  arn: "arn",
  credentials_arn: "arn",
  endpoint: "arn",
  event_source_arn: "arn",
  layers: "arn",
  policy_arn: "arn",
  source_arn: "arn",
  topic_arn: "arn",
  api_id: "id",
  authorizer_id: "id",
  authorizer_uri: "invoke_arn",
  function_name: "function_name",
  integration_id: "id",
  integration_uri: "invoke_arn",
  role: "name",
  route_id: "id",
  stage: "name",
  target: "id",
};

function isUnknown(unknown: unknown): boolean {
  if (unknown === true) return true;
  if (!isObject(unknown) && !Array.isArray(unknown)) return false;
  return Object.values(unknown).some(isUnknown);
}

/** Replaces generated values of a state's resources with local ones. */
function substitute(resources: readonly PlanResource[], place: Place): void {
  const replacements = new Map<string, string>();
  for (const resource of resources) {
    if (resource.isData || !hasOwnValues(resource.type)) continue;
    for (const [name, real] of Object.entries(resource.values)) {
      if (typeof real !== "string" || !IDENTIFYING.test(name) || real.length < 5) continue;
      const own = computed(resource, name, place);
      if (typeof own === "string" && own !== real) replacements.set(real, own);
    }
  }
  const longest = [...replacements.keys()].sort((one, other) => other.length - one.length);
  if (longest.length === 0) return;
  const pattern = new RegExp(
    longest.map((each) => each.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&")).join("|"),
    "g",
  );
  for (const resource of resources) {
    resource.replaceTexts((text) =>
      text.replace(pattern, (real) => replacements.get(real) ?? real),
    );
  }
}

const IDENTIFYING = /^(?:id|url|api_endpoint|invoke_url)$|arn$/;

function inTexts<T extends Value>(value: T, replace: (text: string) => string): T;
function inTexts(value: Value, replace: (text: string) => string): Value {
  if (typeof value === "string") return replace(value);
  if (isList(value)) return value.map((each) => inTexts(each, replace));
  if (!isEntries(value)) return value;
  return mapValues(value, (each) => inTexts(each, replace));
}
