import { didYouMean } from "../../../definition/faults.ts";
import { subnets } from "./cidr.ts";
import type { Json, JsonObject, Origin, Origins } from "./origins.ts";
import type { Report } from "./report.ts";
import { field, isList, isObject, objectOf, section } from "./tree.ts";

/** The local values that a template can refer to. */
export type Scope = {
  /** With its sections. */
  readonly template: JsonObject;
  readonly pseudo: PseudoParameters;
  /** Values of parameters by name. A declared parameter without a value has been reported already. */
  readonly parameters: Readonly<Record<string, Json>>;
  /**
   * The value of `Ref` of a resource or, with an attribute, of `Fn::GetAtt`; undefined if it does not exist.
   */
  readonly resource: (logicalId: string, attribute?: string) => Json | undefined;
  /** The value that a stack exports under a name or, with a stack name, that stack's output. */
  readonly importValue: (name: string, stackName?: string) => Json | undefined;
  /** The value of a dynamic reference, such as `ssm:/chat/key:1`. */
  readonly secret: (reference: string) => string | undefined;
  /** The value of a function that fails; undefined for none. */
  readonly standIn?: (problem: string) => string | undefined;
};

export type PseudoParameters = {
  readonly accountId: string;
  readonly notificationArns?: readonly string[];
  readonly partition: string;
  readonly region: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly urlSuffix: string;
};

const DEEPEST = 300;
const LONGEST_TEXT = 1024 * 1024;
/** Characters, items and keys of all results together. */
const MOST_OUTPUT = 16 * 1024 * 1024;
const MOST_HINTS = 20;
const MOST_CANDIDATES = 1000;
const LONGEST_NAME = 64;
const OPEN = Symbol("being evaluated");
const VARIABLE = /\$\{(!?)([^{}]*)\}/g;
const DYNAMIC = /\{\{resolve:((ssm|ssm-secure|secretsmanager):[^{}]+)\}\}/g;

/** The arguments of each function. */
const FORMS: { readonly [name: string]: string } = {
  "Fn::And": "a list of 2 to 10 conditions",
  "Fn::Cidr": "a list of a CIDR block, a count from 1 to 256 and the bits of a subnet",
  "Fn::Equals": "a list of two values",
  "Fn::FindInMap": "a list of a mapping, a top-level key and a second-level key",
  "Fn::GetAtt": "a list of a logical id and an attribute",
  "Fn::GetStackOutput": "an object of a StackName and an OutputName",
  "Fn::If": "a list of a condition's name, the value if it is true and the value if it is false",
  "Fn::Join": "a list of a delimiter and a list of values",
  "Fn::Length": "a list",
  "Fn::Not": "a list of one condition",
  "Fn::Or": "a list of 2 to 10 conditions",
  "Fn::Select": "a list of an index and a list of values",
  "Fn::Split": "a list of a delimiter and a string",
  "Fn::Sub": "a string, or a list of a string and an object of variables",
};

type Evaluate = (argument: Json, node: JsonObject) => Json | undefined;

/**
 * Evaluates intrinsic functions lazily: values that are not needed are not checked. Each object and array is
 * evaluated once, so its errors are reported once.
 */
export class Evaluator {
  readonly #scope: Scope;
  readonly #origins: Origins;
  readonly #report: Report;
  readonly #pseudo: ReadonlyMap<string, Json | undefined>;
  readonly #known = new WeakMap<object, { readonly value: Json | undefined } | typeof OPEN>();
  readonly #conditions = new Map<string, boolean | typeof OPEN>();
  readonly #unresolved = new Set<string>();
  readonly #functions: ReadonlyMap<string, Evaluate>;
  /** The error in the function that is being evaluated. */
  #problem: string | undefined;
  #depth = 0;
  #output = 0;
  #hints = 0;
  #conditionDepth = 0;

  constructor(scope: Scope, origins: Origins, report: Report) {
    this.#scope = scope;
    this.#origins = origins;
    this.#report = report;
    this.#pseudo = pseudoValues(scope.pseudo);
    this.#functions = new Map<string, Evaluate>([
      ["Ref", (argument, node) => this.#ref(argument, node)],
      ["Fn::GetAtt", (argument, node) => this.#getAtt(argument, node)],
      ["Fn::Sub", (argument, node) => this.#sub(argument, node)],
      ["Fn::Join", (argument, node) => this.#join(argument, node)],
      ["Fn::Split", (argument, node) => this.#split(argument, node)],
      ["Fn::Select", (argument, node) => this.#select(argument, node)],
      ["Fn::If", (argument, node) => this.#if(argument, node)],
      ["Fn::Equals", (argument, node) => this.#equals(argument, node)],
      ["Fn::And", (argument, node) => this.#every(argument, node, "Fn::And")],
      ["Fn::Or", (argument, node) => this.#some(argument, node)],
      ["Fn::Not", (argument, node) => this.#not(argument, node)],
      ["Fn::FindInMap", (argument, node) => this.#findInMap(argument, node)],
      ["Fn::ImportValue", (argument, node) => this.#importValue(argument, node)],
      ["Fn::GetStackOutput", (argument, node) => this.#getStackOutput(argument, node)],
      ["Fn::Base64", (argument, node) => this.#base64(argument, node)],
      ["Fn::Cidr", (argument, node) => this.#cidr(argument, node)],
      ["Fn::GetAZs", (argument, node) => this.#zones(argument, node)],
      ["Fn::ToJsonString", (argument) => JSON.stringify(this.value(argument))],
      ["Fn::Length", (argument, node) => this.#list(argument, node, "Fn::Length")?.length],
    ]);
  }

  /**
   * The local value of `node`; undefined for `AWS::NoValue` and for reported errors, so that its parent drops
   * it. `origin` is needed for a string, which has no place of its own.
   */
  value(node: Json, origin?: Origin): Json | undefined {
    if (typeof node === "string") return this.#resolved(node, origin);
    if (typeof node !== "object" || node === null) return node;
    const known = this.#known.get(node);
    if (known === OPEN)
      return this.#fail(node, "A value depends on itself. Remove the circular reference.");
    if (known !== undefined) return known.value;
    if (this.#depth === DEEPEST)
      return this.#fail(node, "References are nested too deeply. Flatten them.");
    this.#known.set(node, OPEN);
    this.#depth += 1;
    const value = this.#origins.inherit(this.#bounded(this.#evaluate(node), node), node);
    this.#depth -= 1;
    this.#known.set(node, { value });
    return value;
  }

  /**
   * Whether a condition of the template is true. An unknown one is reported and counts as true, so that its
   * resources exist.
   */
  holds(conditionName: string, origin?: Origin): boolean {
    const known = this.#conditions.get(conditionName);
    const conditions = section(this.#scope.template, "Conditions");
    const at = origin ?? this.#origins.of(conditions, conditionName);
    if (known === OPEN) {
      this.#failAt(
        at,
        `The condition "${conditionName}" depends on itself. Remove the circular reference.`,
      );
      return false;
    }
    if (known !== undefined) return known;
    const condition = field(conditions, conditionName);
    if (condition === undefined) {
      const names = Object.keys(conditions);
      this.#failAt(
        at,
        `The condition "${conditionName}" does not exist${this.#hint(conditionName, names)}`,
      );
      return true;
    }
    this.#conditions.set(conditionName, OPEN);
    const holds = this.#inCondition(() => this.#condition(condition, conditions, conditionName));
    this.#conditions.set(conditionName, holds);
    return holds;
  }

  #evaluate(node: readonly Json[] | JsonObject): Json | undefined {
    if (isList(node)) {
      const items = node.map((item, at) => this.value(item, this.#originOfText(item, node, at)));
      return items.filter((item) => item !== undefined);
    }
    const keys = Object.keys(node);
    const name = keys.find((key) => key.startsWith("Fn::") || (key === "Ref" && keys.length === 1));
    if (name === undefined) return this.#object(node, keys);
    const evaluate = this.#functions.get(name);
    if (evaluate === undefined) return this.#fail(node, this.#unknownFunction(name));
    if (keys.length > 1)
      return this.#fail(
        node,
        `${name} has other keys next to it. Remove them: a function is the only key of its object.`,
      );
    const around = this.#problem;
    this.#problem = undefined;
    const value = this.#resolved(evaluate(field(node, name) ?? null, node), this.#origins.of(node));
    const standIn = this.#problem && this.#scope.standIn?.(this.#problem);
    this.#problem = around;
    return standIn ?? value;
  }

  #object(node: JsonObject, keys: readonly string[]): JsonObject {
    const fields: [string, Json][] = [];
    for (const key of keys) {
      const item = field(node, key) ?? null;
      const value = this.value(item, this.#originOfText(item, node, key));
      if (value !== undefined) fields.push([key, value]);
    }
    return Object.fromEntries(fields);
  }

  #originOfText(item: Json, node: object, key: string | number): Origin | undefined {
    return typeof item === "string" ? this.#origins.of(node, key) : undefined;
  }

  #unknownFunction(name: string): string {
    if (name === "Fn::Transform")
      return "Fn::Transform calls a macro, which runs only on AWS. wsgw runs only AWS::Include.";
    if (name.startsWith("Fn::ForEach::"))
      return "Fn::ForEach needs the transform. Add Transform: AWS::LanguageExtensions.";
    return `${name} is not a function of CloudFormation${this.#hint(name, [...this.#functions.keys()])}`;
  }

  #ref(argument: Json, node: JsonObject): Json | undefined {
    const name = this.#text(argument, node, "Ref");
    return name === undefined ? undefined : this.#named(name, node);
  }

  /** The value of `Ref` of a name. */
  #named(name: string, node: JsonObject): Json | undefined {
    if (this.#pseudo.has(name)) return this.#pseudo.get(name);
    const value = field(this.#scope.parameters, name);
    const declared = section(this.#scope.template, "Parameters");
    if (value !== undefined || Object.hasOwn(declared, name)) return value;
    return this.#resource(node, name);
  }

  #getAtt(argument: Json, node: JsonObject): Json | undefined {
    const parts = typeof argument === "string" ? splitOnce(argument) : argument;
    if (!isList(parts) || parts.length < 2) return this.#failForm("Fn::GetAtt", node);
    const [id, ...attribute] = parts.map((part) => this.#text(part, node, "Fn::GetAtt"));
    return this.#resource(node, id ?? "", attribute.join("."));
  }

  #resource(node: JsonObject, id: string, attribute?: string): Json | undefined {
    const resources = section(this.#scope.template, "Resources");
    if (this.#conditionDepth > 0)
      return this.#fail(
        node,
        `"${id}" is not a parameter. Conditions can refer only to parameters.`,
      );
    const resource = field(resources, id);
    const condition = isObject(resource) ? field(resource, "Condition") : undefined;
    if (
      typeof condition === "string" &&
      !this.holds(condition, this.#origins.of(resource, "Condition"))
    ) {
      const problem = `"${id}" does not exist, because its condition "${condition}" is false.`;
      return this.#fail(node, `${problem} Refer to it inside Fn::If.`);
    }
    const value = this.#scope.resource(id, attribute);
    if (value !== undefined) return value;
    if (resource !== undefined) {
      const what =
        attribute === undefined ? `Ref of "${id}"` : `the attribute "${attribute}" of "${id}"`;
      return this.#fail(node, `wsgw does not know ${what}.`);
    }
    const names = [
      ...Object.keys(resources),
      ...Object.keys(section(this.#scope.template, "Parameters")),
      ...this.#pseudo.keys(),
    ];
    return this.#fail(
      node,
      `The resource or parameter "${id}" does not exist${this.#hint(id, names)}`,
    );
  }

  #sub(argument: Json, node: JsonObject): Json | undefined {
    const [template, variables = {}] = isList(argument) ? argument : [argument];
    if (typeof template !== "string" || !isObject(variables))
      return this.#failForm("Fn::Sub", node);
    const parts: string[] = [];
    let end = 0;
    for (const match of template.matchAll(VARIABLE)) {
      const [whole, bang, name = ""] = match;
      parts.push(template.slice(end, match.index));
      parts.push(bang === "!" ? `\${${name}}` : this.#variable(name, variables, node));
      end = match.index + whole.length;
    }
    return this.#joined([...parts, template.slice(end)], "", node);
  }

  /** The string for `${name}`; empty after a reported error. */
  #variable(name: string, variables: JsonObject, node: JsonObject): string {
    const own = field(variables, name);
    if (own !== undefined) return this.#text(own, node, "Fn::Sub") ?? "";
    if (!/^[\w.:]+$/.test(name)) {
      const problem = `Fn::Sub cannot replace \${${name}}: names have letters, digits, "_", "." and ":".`;
      this.#fail(node, `${problem} Write \${!${name}} for the literal string.`);
      return "";
    }
    const [id, attribute] = splitOnce(name);
    const value =
      attribute === undefined ? this.#named(name, node) : this.#resource(node, id ?? "", attribute);
    return this.#asText(value, node, `\${${name}} in Fn::Sub`) ?? "";
  }

  #join(argument: Json, node: JsonObject): Json | undefined {
    if (!isList(argument) || argument.length !== 2) return this.#failForm("Fn::Join", node);
    const delimiter = this.#text(argument[0] ?? "", node, "Fn::Join");
    const values = this.#list(argument[1] ?? null, node, "Fn::Join");
    if (delimiter === undefined || values === undefined) return undefined;
    const texts = values.map((value) => this.#asText(value, node, "An item of Fn::Join") ?? "");
    return this.#joined(texts, delimiter, node);
  }

  #joined(texts: readonly string[], delimiter: string, node: JsonObject): string | undefined {
    const length = texts.reduce((sum, text) => sum + text.length + delimiter.length, 0);
    if (length <= LONGEST_TEXT + delimiter.length) return texts.join(delimiter);
    return this.#fail(node, TOO_LONG);
  }

  #split(argument: Json, node: JsonObject): Json | undefined {
    if (!isList(argument) || argument.length !== 2) return this.#failForm("Fn::Split", node);
    const delimiter = this.#text(argument[0] ?? "", node, "Fn::Split");
    const text = this.#text(argument[1] ?? "", node, "Fn::Split");
    if (delimiter === "") return this.#fail(node, "Fn::Split has an empty delimiter. Set one.");
    return delimiter === undefined ? undefined : text?.split(delimiter);
  }

  #select(argument: Json, node: JsonObject): Json | undefined {
    if (!isList(argument) || argument.length !== 2) return this.#failForm("Fn::Select", node);
    const index = this.#text(argument[0] ?? "", node, "Fn::Select");
    const values = this.#list(argument[1] ?? null, node, "Fn::Select");
    if (index === undefined || values === undefined) return undefined;
    const value = /^\d+$/.test(index) ? values[Number(index)] : undefined;
    if (value !== undefined && value !== null) return value;
    const range =
      values.length === 0 ? "The list is empty." : `Indexes go from 0 to ${values.length - 1}.`;
    return this.#fail(node, `Fn::Select finds nothing at index "${index}". ${range}`);
  }

  #if(argument: Json, node: JsonObject): Json | undefined {
    if (!isList(argument) || argument.length !== 3) return this.#failForm("Fn::If", node);
    const [condition = null, whenTrue = null, whenFalse = null] = argument;
    const name = isObject(condition) ? field(condition, "Condition") : condition;
    if (typeof name !== "string") return this.#failForm("Fn::If", node);
    const isTrue = this.holds(name, this.#origins.of(node));
    return this.value(isTrue ? whenTrue : whenFalse, this.#origins.of(argument, isTrue ? 1 : 2));
  }

  #equals(argument: Json, node: JsonObject): Json | undefined {
    if (!isList(argument) || argument.length !== 2) return this.#failForm("Fn::Equals", node);
    const [left, right] = argument.map((item) => comparable(this.value(item)));
    return left === right;
  }

  #every(argument: Json, node: JsonObject, name: string): Json | undefined {
    const isList2To10 = isList(argument) && argument.length >= 2 && argument.length <= 10;
    if (!isList2To10) return this.#failForm(name, node);
    return argument.every((item, at) => this.#condition(item, argument, at));
  }

  #some(argument: Json, node: JsonObject): Json | undefined {
    const isList2To10 = isList(argument) && argument.length >= 2 && argument.length <= 10;
    if (!isList2To10) return this.#failForm("Fn::Or", node);
    return argument.some((item, at) => this.#condition(item, argument, at));
  }

  #not(argument: Json, node: JsonObject): Json | undefined {
    const [item] = isList(argument) && argument.length === 1 ? argument : [];
    if (item === undefined) return this.#failForm("Fn::Not", node);
    return !this.#condition(item, argument, 0);
  }

  /** Whether `node`, an element of `parent`, is a true condition. */
  #condition(node: Json, parent: Json, key: string | number): boolean {
    const name =
      isObject(node) && Object.keys(node).length === 1 ? field(node, "Condition") : undefined;
    const origin = this.#origins.of(node) ?? this.#origins.of(parent, key);
    if (typeof name === "string") return this.holds(name, origin);
    const value = this.value(node, origin);
    if (value === true || value === "true") return true;
    if (value !== undefined && value !== false && value !== "false")
      this.#failAt(origin, "A condition is neither true nor false. Compare with Fn::Equals.");
    return false;
  }

  #inCondition(evaluate: () => boolean): boolean {
    this.#conditionDepth += 1;
    const holds = evaluate();
    this.#conditionDepth -= 1;
    return holds;
  }

  #findInMap(argument: Json, node: JsonObject): Json | undefined {
    if (!isList(argument) || argument.length < 3 || argument.length > 4)
      return this.#failForm("Fn::FindInMap", node);
    const [, , , options = {}] = argument;
    const fallback = isObject(options) ? field(options, "DefaultValue") : undefined;
    let found: Json = section(this.#scope.template, "Mappings");
    for (const [at, what] of ["mapping", "top-level key", "second-level key"].entries()) {
      const key = this.#text(argument[at] ?? "", node, "Fn::FindInMap");
      if (key === undefined) return undefined;
      const next: Json | undefined = isObject(found) ? field(found, key) : undefined;
      if (next === undefined && fallback !== undefined) return this.value(fallback);
      if (next === undefined) {
        const near = this.#hint(key, isObject(found) ? Object.keys(found) : []);
        return this.#fail(node, `Fn::FindInMap finds no ${what} "${key}"${near}`);
      }
      found = next;
    }
    const isPlain = isList(found) ? found.every(isScalar) : isScalar(found);
    return isPlain
      ? found
      : this.#fail(
          node,
          "Fn::FindInMap finds an object. Mappings contain strings and lists of strings.",
        );
  }

  #importValue(argument: Json, node: JsonObject): Json | undefined {
    const name = this.#text(argument, node, "Fn::ImportValue");
    if (name === undefined) return undefined;
    const value = this.#scope.importValue(name);
    if (value !== undefined) return value;
    const give = `--parameter-overrides "${name}=VALUE"`;
    return this.#fail(
      node,
      `No stack on this machine exports "${name}". Set its value with ${give}.`,
    );
  }

  #getStackOutput(argument: Json, node: JsonObject): Json | undefined {
    const wanted = this.value(argument);
    const { StackName: stackName, OutputName: name } = objectOf(wanted);
    if (typeof stackName !== "string" || typeof name !== "string") {
      return this.#failForm("Fn::GetStackOutput", node);
    }
    const value = this.#scope.importValue(name, stackName);
    const problem = `No stack "${stackName}" on this machine has an output "${name}".`;
    return value ?? this.#fail(node, problem);
  }

  #base64(argument: Json, node: JsonObject): Json | undefined {
    const text = this.#text(argument, node, "Fn::Base64");
    return text === undefined ? undefined : Buffer.from(text, "utf8").toString("base64");
  }

  #cidr(argument: Json, node: JsonObject): Json | undefined {
    if (!isList(argument) || argument.length < 2 || argument.length > 3)
      return this.#failForm("Fn::Cidr", node);
    const [block, count, bits = "8"] = argument.map((item) => this.#text(item, node, "Fn::Cidr"));
    if (block === undefined || count === undefined) return undefined;
    const isCount = /^\d{1,3}$/.test(count) && Number(count) >= 1 && Number(count) <= 256;
    if (!isCount || !/^\d{1,3}$/.test(bits) || Number(bits) > 128)
      return this.#failForm("Fn::Cidr", node);
    const blocks = subnets(block, Number(count), Number(bits));
    if (blocks !== undefined) return blocks;
    return this.#fail(
      node,
      `Fn::Cidr cannot cut ${count} subnets with ${bits} bits from "${block}".`,
    );
  }

  #zones(argument: Json, node: JsonObject): Json | undefined {
    const given = argument === null ? "" : this.#text(argument, node, "Fn::GetAZs");
    if (given === undefined) return undefined;
    const region = given === "" ? this.#scope.pseudo.region : given;
    return ["a", "b", "c"].map((zone) => `${region}${zone}`);
  }

  /** The array that `node` evaluates to. */
  #list(node: Json, owner: JsonObject, name: string): readonly Json[] | undefined {
    const value = this.value(node);
    if (value === undefined || isList(value)) return value;
    return this.#failForm(name, owner);
  }

  /** The string that `node` evaluates to. */
  #text(node: Json, owner: JsonObject, name: string): string | undefined {
    return this.#asText(this.value(node, this.#origins.of(owner)), owner, name);
  }

  #asText(value: Json | undefined, owner: JsonObject, what: string): string | undefined {
    if (value === undefined || typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    const found = value === null ? "null" : isList(value) ? "a list" : "an object";
    return this.#fail(owner, `${what} needs a string and gets ${found}.`);
  }

  /** Replaces dynamic references. One without a value stays unchanged. */
  #resolved(value: Json | undefined, origin: Origin | undefined): Json | undefined {
    if (typeof value !== "string" || !value.includes("{{resolve:")) return value;
    return value.replaceAll(DYNAMIC, (whole, reference: string) => {
      const secret = this.#scope.secret(reference);
      if (secret === undefined && !this.#unresolved.has(reference)) {
        this.#unresolved.add(reference);
        const give = `--parameter-overrides "${secretName(reference)}=VALUE"`;
        const problem = `${whole} has no value on this machine and is not replaced. Set one with ${give}.`;
        this.#report({ severity: "warning", origin, problem });
      }
      return secret ?? whole;
    });
  }

  /** A result, unless it or all results together exceed the maximum of a template. */
  #bounded(value: Json | undefined, node: object): Json | undefined {
    const size = sizeOf(value);
    const wasFull = this.#output > MOST_OUTPUT;
    this.#output += size;
    if (typeof value === "string" && size > LONGEST_TEXT) return this.#fail(node, TOO_LONG);
    if (this.#output <= MOST_OUTPUT) return value;
    return wasFull ? undefined : this.#fail(node, "The template is too large after evaluation.");
  }

  /** The end of a sentence about an unknown name. Comparing names is slow, so it stops after some. */
  #hint(name: string, candidates: readonly string[]): string {
    this.#hints += 1;
    if (this.#hints > MOST_HINTS || name.length > LONGEST_NAME) return ".";
    return didYouMean(name, candidates.slice(0, MOST_CANDIDATES)) ?? ".";
  }

  #failForm(name: string, node: JsonObject): undefined {
    return this.#fail(node, `${name} needs ${FORMS[name] ?? "a string"}.`);
  }

  #fail(node: object, problem: string): undefined {
    return this.#failAt(this.#origins.of(node), problem);
  }

  #failAt(origin: Origin | undefined, problem: string): undefined {
    this.#problem = problem;
    this.#report({ severity: "error", origin, problem });
    return undefined;
  }
}

const TOO_LONG = "A string is longer than 1 MB after evaluation.";

function pseudoValues(pseudo: PseudoParameters): ReadonlyMap<string, Json | undefined> {
  return new Map<string, Json | undefined>([
    ["AWS::AccountId", pseudo.accountId],
    ["AWS::NoValue", undefined],
    ["AWS::NotificationARNs", pseudo.notificationArns ?? []],
    ["AWS::Partition", pseudo.partition],
    ["AWS::Region", pseudo.region],
    ["AWS::StackId", pseudo.stackId],
    ["AWS::StackName", pseudo.stackName],
    ["AWS::URLSuffix", pseudo.urlSuffix],
  ]);
}

function isScalar(value: Json): boolean {
  return typeof value !== "object";
}

/** `A.B.C` becomes `["A", "B.C"]`. */
function splitOnce(text: string): string[] {
  const dot = text.indexOf(".");
  return dot === -1 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}

/** Fn::Equals compares strings: `true` and `"true"` are the same. */
function comparable(value: Json | undefined): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function sizeOf(value: Json | undefined): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 1;
  return isList(value) ? value.length : Object.keys(value).length;
}

/** The parameter or secret of a dynamic reference: `/chat/key` of `ssm:/chat/key:1`. */
export function secretName(reference: string): string {
  const [service = "", ...rest] = reference.split(":");
  const name = rest.join(":");
  return service === "secretsmanager"
    ? name.replace(/:SecretString(?::.*)?$/, "")
    : name.replace(/:\d+$/, "");
}
