import { partitionOf } from "../../../definition/region.ts";
import { Evaluator, type PseudoParameters, secretName } from "./evaluate.ts";
import type { Json, JsonObject, Origin, Origins } from "./origins.ts";
import { parameterValues } from "./parameters.ts";
import type { Report } from "./report.ts";
import { isFromTemplate, resourceValue, type StackPlace } from "./resource-values.ts";
import { field, isObject, section } from "./tree.ts";

/** A template that is ready to be evaluated: included, expanded, plain CloudFormation. */
export type ReadyTemplate = {
  /** Absolute. */
  readonly file: string;
  readonly sections: JsonObject;
  /** For a stack that is nested here and deployed by itself: where. */
  readonly deployedAs?: Pick<StackPlace, "stackName" | "region" | "accountId">;
  /** What the keys of its resources begin with; default: those of the stacks that it is nested in. */
  readonly prefix?: readonly string[];
};

/** A resource of a stack whose condition holds. Its properties are evaluated when they are asked for. */
export type Resource = {
  /** Its logical id, in nested stacks after those of the stacks that it is in: `Chat-Function`. Of long ones the end. */
  readonly key: string;
  readonly logicalId: string;
  readonly type: string;
  /** The template that it stands in; absolute. */
  readonly file: string;
  readonly property: (name: string) => Json | undefined;
  /** A property as text: numbers and booleans too, as CloudFormation takes them. */
  readonly text: (name: string) => string | undefined;
  /** What `Ref` gives, or with an attribute `Fn::GetAtt`. */
  readonly value: (attribute?: string) => Json | undefined;
  /** Another attribute of the resource than its properties, such as `Metadata`. */
  readonly attribute: (name: string) => Json | undefined;
  /** Where it was written, or one of its properties. */
  readonly origin: (property?: string) => Origin | undefined;
};

/** What the stacks of a project have in common. */
export type StackParts = {
  readonly origins: Origins;
  readonly report: Report;
  /** Values that were given for parameters, by their names. */
  readonly given: Readonly<Record<string, string>>;
  /** Takes values that only AWS knows, as they are made up here. */
  readonly madeUp: Set<string>;
  /** What is there in place of a function that fails; undefined for nothing. */
  readonly standIn?: (problem: string) => string | undefined;
  /** The template of a nested stack; undefined, and reported, when it is not on this disk. */
  readonly nested: (nested: NestedTemplate) => ReadyTemplate | undefined;
};

export type NestedTemplate = {
  /** What its `TemplateURL` says. */
  readonly url: string;
  /** The template that says so; absolute. */
  readonly from: string;
  readonly given: Readonly<Record<string, string>>;
  readonly origin: Origin | undefined;
};

const NESTED = "AWS::CloudFormation::Stack";
/** Deeper nesting is a circle: CloudFormation itself has no limit that real templates come near to. */
const DEEPEST = 10;

/** A stack as it is on this machine, with those nested in it. */
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
    // as on AWS, which evaluates those that nobody asks for too
    for (const name of Object.keys(section(sections, "Conditions"))) this.#evaluator.holds(name);
    this.resources = this.#readResources();
    this.#byLogicalId = new Map(this.resources.map((each) => [each.logicalId, each]));
  }

  /** Its resources and those of the stacks nested in it, in the order of the templates. */
  all(): readonly Resource[] {
    return this.resources.flatMap((resource) =>
      resource.type === NESTED ? [resource, ...(this.#child(resource)?.all() ?? [])] : [resource],
    );
  }

  /** An output of the stack; undefined when it has none of the name. */
  output(name: string): Json | undefined {
    const { Outputs: outputs } = this.#template.sections;
    const output = isObject(outputs) ? outputs[name] : undefined;
    return isObject(output) && this.#isThere(output)
      ? this.#evaluator.value(output.Value ?? null)
      : undefined;
  }

  /** An output of the stack of a name: of this one, or of one that is nested in it. */
  outputOf(stackName: string, name: string): Json | undefined {
    if (this.#place.stackName === stackName) return this.output(name);
    for (const resource of this.resources.filter(({ type }) => type === NESTED)) {
      const found = this.#child(resource)?.outputOf(stackName, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What the stack or one nested in it exports by a name. */
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
    const properties = isObject(raw.Properties) ? raw.Properties : {};
    const known = new Map<string, Json | undefined>();
    const evaluated = (name: string, node: Json | undefined): Json | undefined => {
      if (!known.has(name)) {
        known.set(name, undefined); // whoever asks for itself gets nothing
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
      this.#nested.set(logicalId, undefined); // a stack that needs its own outputs gets none
      this.#nested.set(logicalId, this.#openChild(resource, origin("TemplateURL"), key));
    }
    return this.#nested.get(logicalId);
  }

  #openChild(resource: Resource, origin: Origin | undefined, key: string): Stack | undefined {
    const url = resource.text("TemplateURL");
    if (url === undefined) return undefined;
    if (this.#prefix.length >= DEEPEST) {
      const problem = `stacks are nested more than ${DEEPEST} deep; does one nest itself?`;
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

/** Definitions take keys of at most 64 characters that begin with a letter; in long ids the end tells them apart. */
const LONGEST_KEY = 64;

function keyOf(ids: readonly string[]): string {
  const key = ids.join("-");
  return key.length > LONGEST_KEY ? key.slice(-LONGEST_KEY).replace(/^[^A-Za-z]+/, "") : key;
}

/** What was given for a dynamic reference such as `ssm:/chat/key:1`: by all of it, or by `/chat/key`. */
export function secretIn(
  given: Readonly<Record<string, string>>,
  reference: string,
): string | undefined {
  return field(given, reference) ?? field(given, secretName(reference));
}

/** Text, a number or a boolean as CloudFormation turns it into text; undefined for anything else. */
export function textOf(value: Json | undefined): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** Every text in an array, or a value that is one text by itself. */
export function textsIn(value: Json | undefined): readonly string[] {
  return [value].flat().flatMap((each) => textOf(each) ?? []);
}
