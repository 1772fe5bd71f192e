import { partitionOf } from "../../../definition/region.ts";
import { Evaluator, type PseudoParameters, secretName } from "./intrinsic-functions.ts";
import type { Json, JsonObject, Origin, Origins } from "./origins.ts";
import { parameterValues } from "./parameters.ts";
import type { Report } from "./report.ts";
import { isFromTemplate, resourceValue, type StackPlace } from "./resource-values.ts";
import { field, isObject, objectOf, section } from "./tree.ts";

/** A template ready for evaluation: included, expanded, plain CloudFormation. */
export type ReadyTemplate = {
  /** Absolute. */
  readonly file: string;
  readonly sections: JsonObject;
  /** The place of a nested stack that is deployed separately. */
  readonly deployedAs?: Pick<StackPlace, "stackName" | "region" | "accountId">;
  /** Prefix of its resources' keys; default: the logical ids of its parent stacks. */
  readonly prefix?: readonly string[];
};

/** A resource whose condition is true. Its properties are evaluated lazily. */
export type Resource = {
  /** Its logical id, prefixed with those of nested stacks: `Chat-Function`. Long ones keep only the end. */
  readonly key: string;
  readonly logicalId: string;
  readonly type: string;
  /** Absolute path of its template. */
  readonly file: string;
  readonly property: (name: string) => Json | undefined;
  /** A property as a string; includes numbers and booleans, as in CloudFormation. */
  readonly text: (name: string) => string | undefined;
  /** The value of `Ref` or, with an attribute, of `Fn::GetAtt`. */
  readonly value: (attribute?: string) => Json | undefined;
  /** Another attribute of the resource, such as `Metadata`. */
  readonly attribute: (name: string) => Json | undefined;
  /** Its place, or that of a property. */
  readonly origin: (property?: string) => Origin | undefined;
};

/** What the stacks of a project share. */
export type StackParts = {
  readonly origins: Origins;
  readonly report: Report;
  /** Values that were given for parameters, by their names. */
  readonly given: Readonly<Record<string, string>>;
  /** Collects placeholders for values that only AWS knows. */
  readonly madeUp: Set<string>;
  /** The value of a function that fails; undefined for none. */
  readonly standIn?: (problem: string) => string | undefined;
  /** The template of a nested stack; undefined, and reported, if it is not on this disk. */
  readonly nested: (nested: NestedTemplate) => ReadyTemplate | undefined;
};

export type NestedTemplate = {
  /** Its `TemplateURL`. */
  readonly url: string;
  /** Absolute path of the parent template. */
  readonly from: string;
  readonly given: Readonly<Record<string, string>>;
  readonly origin: Origin | undefined;
};

const NESTED = "AWS::CloudFormation::Stack";
/** Deeper nesting is circular: no real template comes near this limit. */
const DEEPEST = 10;

/** A stack on this machine, with its nested stacks. */
export class Stack {
  readonly resources: readonly Resource[];
  readonly #byLogicalId: ReadonlyMap<string, Resource>;
  readonly #template: ReadyTemplate;
  readonly #place: StackPlace;
  readonly #prefix: readonly string[];
  readonly #parts: StackParts;
  readonly #evaluator: Evaluator;
  readonly #values = new Map<string, Json | undefined>();
  readonly #nested = new Map<string, Stack | undefined>();
  readonly #root: Stack;

  constructor(
    template: ReadyTemplate,
    place: StackPlace,
    parts: StackParts,
    within?: { readonly root: Stack; readonly prefix: readonly string[] },
  ) {
    this.#template = template;
    this.#place = place;
    this.#parts = parts;
    this.#prefix = within?.prefix ?? [];
    this.#root = within?.root ?? this;
    const { origins, report, given, standIn } = parts;
    const { sections } = template;
    this.#evaluator = new Evaluator(
      {
        template: sections,
        pseudo: pseudoParameters(place),
        parameters: parameterValues(sections, given, origins, report),
        resource: (logicalId, attribute) => this.#valueOf(logicalId, attribute),
        importValue: (name, stackName) =>
          stackName === undefined
            ? (this.#root.exported(name) ?? field(given, name))
            : this.#root.outputOf(stackName, name),
        secret: (reference) => secretIn(given, reference),
        ...(standIn && { standIn }),
      },
      origins,
      report,
    );
    // as on AWS, which evaluates unused ones too
    for (const name of Object.keys(section(sections, "Conditions"))) this.#evaluator.holds(name);
    this.resources = this.#readResources();
    this.#byLogicalId = new Map(this.resources.map((each) => [each.logicalId, each]));
  }

  /** Its resources and those of nested stacks, in the order of the templates. */
  all(): readonly Resource[] {
    return this.resources.flatMap((resource) =>
      resource.type === NESTED ? [resource, ...(this.#child(resource)?.all() ?? [])] : [resource],
    );
  }

  /** An output of the stack; undefined if it does not exist. */
  output(name: string): Json | undefined {
    const { Outputs: outputs } = this.#template.sections;
    const output = isObject(outputs) ? outputs[name] : undefined;
    return isObject(output) && this.#isThere(output)
      ? this.#evaluator.value(output.Value ?? null)
      : undefined;
  }

  /** An output of the stack with this name: this one, or a nested one. */
  outputOf(stackName: string, name: string): Json | undefined {
    if (this.#place.stackName === stackName) return this.output(name);
    for (const resource of this.resources.filter(({ type }) => type === NESTED)) {
      const found = this.#child(resource)?.outputOf(stackName, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The value that the stack or a nested one exports under a name. */
  exported(name: string): Json | undefined {
    const { Outputs: outputs } = this.#template.sections;
    for (const [id, output] of isObject(outputs) ? Object.entries(outputs) : []) {
      const exported = isObject(output) ? output.Export : undefined;
      if (!isObject(exported)) continue;
      if (this.#evaluator.value(exported.Name ?? null) === name) return this.output(id);
    }
    for (const resource of this.resources.filter(({ type }) => type === NESTED)) {
      const found = this.#child(resource)?.exported(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #readResources(): readonly Resource[] {
    const { Resources: resources } = this.#template.sections;
    if (!isObject(resources)) return [];
    return Object.entries(resources).flatMap(([logicalId, raw]) =>
      isObject(raw) && typeof raw.Type === "string" && this.#isThere(raw)
        ? [this.#resource(logicalId, raw.Type, raw)]
        : [],
    );
  }

  #isThere(raw: JsonObject): boolean {
    const { Condition: condition } = raw;
    if (typeof condition !== "string") return true;
    return this.#evaluator.holds(condition, this.#parts.origins.of(raw, "Condition"));
  }

  #resource(logicalId: string, type: string, raw: JsonObject): Resource {
    const { origins } = this.#parts;
    const properties = objectOf(raw.Properties);
    const known = new Map<string, Json | undefined>();
    const evaluated = (name: string, node: Json | undefined): Json | undefined => {
      if (!known.has(name)) {
        known.set(name, undefined); // a value that depends on itself is undefined
        known.set(name, node === undefined ? undefined : this.#evaluator.value(node));
      }
      return known.get(name);
    };
    const property = (name: string): Json | undefined =>
      Object.hasOwn(properties, name) ? evaluated(name, properties[name]) : undefined;
    return {
      key: keyOf([...this.#prefix, logicalId]),
      logicalId,
      type,
      file: this.#template.file,
      property,
      text: (name) => textOf(property(name)),
      value: (attribute) => this.#valueOf(logicalId, attribute),
      attribute: (name) =>
        Object.hasOwn(raw, name) ? evaluated(`attribute ${name}`, raw[name]) : undefined,
      origin: (name) =>
        name === undefined || !Object.hasOwn(properties, name)
          ? origins.of(raw)
          : origins.of(properties, name),
    };
  }

  #valueOf(logicalId: string, attribute: string | undefined): Json | undefined {
    const resource = this.#byLogicalId?.get(logicalId);
    if (resource === undefined) return undefined;
    const [outputs, output] = attribute?.split(".") ?? [];
    if (resource.type === NESTED && outputs === "Outputs" && output !== undefined) {
      return this.#child(resource)?.output(output);
    }
    const id = `${logicalId} ${attribute}`;
    if (!this.#values.has(id)) {
      const value = resourceValue(resource, this.#place, attribute);
      this.#values.set(id, value);
      if (!isFromTemplate(resource, attribute)) this.#parts.madeUp.add(String(value));
    }
    return this.#values.get(id);
  }

  #child(resource: Resource): Stack | undefined {
    const { logicalId, key, origin } = resource;
    if (!this.#nested.has(logicalId)) {
      this.#nested.set(logicalId, undefined); // a stack that depends on its own outputs gets none
      this.#nested.set(logicalId, this.#openChild(resource, origin("TemplateURL"), key));
    }
    return this.#nested.get(logicalId);
  }

  #openChild(resource: Resource, origin: Origin | undefined, key: string): Stack | undefined {
    const url = resource.text("TemplateURL");
    if (url === undefined) return undefined;
    if (this.#prefix.length >= DEEPEST) {
      const problem = `stacks are nested more than ${DEEPEST} deep. Check whether one nests itself.`;
      this.#parts.report({ severity: "error", origin, problem });
      return undefined;
    }
    const parameters = resource.property("Parameters");
    const given = isObject(parameters)
      ? Object.fromEntries(
          Object.entries(parameters).flatMap(([name, value]) => {
            const text = Array.isArray(value) ? value.map(textOf).join(",") : textOf(value);
            return text === undefined ? [] : [[name, text]];
          }),
        )
      : {};
    const template = this.#parts.nested({ url, from: this.#template.file, given, origin });
    if (template === undefined) return undefined;
    const { prefix = [...this.#prefix, resource.logicalId], deployedAs } = template;
    return new Stack(
      template,
      { ...this.#place, stackName: `${this.#root.#place.stackName}-${key}`, ...deployedAs },
      { ...this.#parts, given },
      { root: this.#root, prefix },
    );
  }
}

/** The pseudo parameters of a stack: `AWS::Region` and the others. */
export function pseudoParameters({
  stackName,
  region,
  accountId,
}: Pick<StackPlace, "stackName" | "region" | "accountId">): PseudoParameters {
  const { name: partition, domain: urlSuffix } = partitionOf(region);
  const made = "00000000-0000-4000-8000-000000000000";
  const stackId = `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stackName}/${made}`;
  return { accountId, partition, region, stackId, stackName, urlSuffix };
}

/**
 * Keys in definitions have at most 64 characters and begin with a letter; the ends of long ids distinguish
 * them.
 */
const LONGEST_KEY = 64;

function keyOf(ids: readonly string[]): string {
  const key = ids.join("-");
  return key.length > LONGEST_KEY ? key.slice(-LONGEST_KEY).replace(/^[^A-Za-z]+/, "") : key;
}

/**
 * The given value for a dynamic reference such as `ssm:/chat/key:1`, by the whole reference or by
 * `/chat/key`.
 */
export function secretIn(
  given: Readonly<Record<string, string>>,
  reference: string,
): string | undefined {
  return field(given, reference) ?? field(given, secretName(reference));
}

/** The string that CloudFormation makes of a string, number or boolean; undefined for anything else. */
export function textOf(value: Json | undefined): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** Every string in an array, or a single string. */
export function textsIn(value: Json | undefined): readonly string[] {
  return [value].flat().flatMap((each) => textOf(each) ?? []);
}
