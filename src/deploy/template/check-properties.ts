import { didYouMean, shown } from "../../definition/faults.ts";
import { fault, pathOf, type TemplateFault } from "./faults.ts";
import { isJsonObject, type Json, type JsonObject, type Resource, type Template } from "./model.ts";
import {
  type Kind,
  knownTypes,
  type Properties,
  type ResourceSchema,
  resourceSchema,
} from "./schema.ts";
import { ENUMS } from "./schema-enums.ts";

/**
 * Compares every resource with CloudFormation's schema of its type: names of properties, those that
 * must be there, what they hold. Of types that wsgw emits none of only the name is checked.
 */
export function checkProperties(template: Template): readonly TemplateFault[] {
  return Object.entries(template.Resources).flatMap(([id, resource]) =>
    checkResource(id, resource),
  );
}

function checkResource(id: string, resource: Resource): readonly TemplateFault[] {
  if (typeof resource.Type !== "string") return [fault(id, "Type", "is missing.")];
  const schema = resourceSchema(resource.Type);
  if (schema === undefined) return checkType(id, resource.Type);
  const faults: TemplateFault[] = [];
  const check = createCheck(resource.Type, schema, (path, problem) => {
    faults.push(fault(id, path, problem));
  });
  check(resource.Properties ?? {}, schema.properties, "", resource.Type);
  return [...faults, ...checkFields(id, resource)];
}

function checkType(id: string, type: string): readonly TemplateFault[] {
  const isOthers = !/^(AWS|Alexa)::/.test(type) || type.endsWith("::MODULE");
  if (isOthers || BUILT_IN_TYPES.has(type) || knownTypes().includes(type)) return [];
  const hint = didYouMean(type, knownTypes()) ?? ".";
  return [fault(id, "Type", `"${type}" is no resource type of CloudFormation${hint}`)];
}

/** Types without a schema, for CloudFormation itself does their work. */
const BUILT_IN_TYPES: ReadonlySet<string> = new Set([
  "AWS::CloudFormation::CustomResource",
  "AWS::CloudFormation::WaitCondition",
  "AWS::CloudFormation::WaitConditionHandle",
]);

const FIELDS = [
  "Condition",
  "CreationPolicy",
  "DeletionPolicy",
  "DependsOn",
  "Metadata",
  "Properties",
  "Type",
  "UpdatePolicy",
  "UpdateReplacePolicy",
];

const POLICIES: Readonly<Record<string, readonly string[]>> = {
  DeletionPolicy: ["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"],
  UpdateReplacePolicy: ["Delete", "Retain", "Snapshot"],
};

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-product-attribute-reference.html */
function checkFields(id: string, resource: Resource): readonly TemplateFault[] {
  return Object.entries(resource).flatMap(([name, value]) => {
    if (!FIELDS.includes(name)) {
      return [fault(id, name, `is no attribute of a resource${didYouMean(name, FIELDS) ?? "."}`)];
    }
    const allowed = POLICIES[name];
    if (allowed === undefined || typeof value !== "string" || allowed.includes(value)) return [];
    return [fault(id, name, `${shown(value)} is none of ${allowed.join(", ")}.`)];
  });
}

type Report = (path: string, problem: string) => void;

function createCheck(type: string, schema: ResourceSchema, report: Report) {
  const enums = ENUMS[type] ?? {};
  return checkObject;

  /** `name` is what the object is called in faults: the resource type, or its own name. */
  function checkObject(value: JsonObject, known: Properties, path: string, name: string): void {
    const names = Object.keys(known);
    for (const [key, item] of Object.entries(value)) {
      const property = known[key];
      if (property === undefined) {
        const hint = didYouMean(key, names) ?? `, which has ${names.join(", ")}.`;
        report(pathOf(path, key), `"${key}" is no property of ${name}${hint}`);
        continue;
      }
      const words = enums[name === type ? key : `${name}.${key}`];
      checkValue(item, property.kind, pathOf(path, key), words);
    }
    for (const [key, { required }] of Object.entries(known)) {
      if (required && value[key] === undefined) {
        report(pathOf(path, key), `is missing; ${name} must have it.`);
      }
    }
  }

  function checkValue(value: Json, kind: Kind, path: string, words: readonly string[] = []): void {
    if (isIntrinsic(value)) return;
    if (kind.of === "list" && Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        checkValue(item, kind.item, pathOf(path, index), words);
      }
    } else if (kind.of === "map" && isJsonObject(value)) {
      for (const [key, item] of Object.entries(value)) {
        checkValue(item, kind.item, pathOf(path, key), words);
      }
    } else if (kind.of === "object" && isJsonObject(value)) {
      checkObject(value, schema.types[kind.name] ?? {}, path, kind.name);
    } else if (!isOf(value, kind.of)) {
      report(path, `${shown(value)} is not ${NOUNS[kind.of]}.`);
    } else if (words.length > 0 && !words.includes(String(value))) {
      const near = didYouMean(String(value), words);
      report(path, `${shown(value)} is none of its words${near ?? `: ${words.join(", ")}.`}`);
    }
  }
}

const NOUNS = {
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  json: "JSON",
  list: "a list",
  map: "an object",
  object: "an object",
} as const;

/** CloudFormation turns texts into numbers and truth values, and back. */
function isOf(value: Json, of: keyof typeof NOUNS): boolean {
  if (of === "json") return true;
  if (typeof value === "object" || of === "list" || of === "map" || of === "object") return false;
  if (of === "string") return true;
  if (of === "boolean") return /^(true|false)$/.test(String(value));
  if (typeof value === "boolean" || String(value).trim() === "") return false;
  const number = Number(value);
  return of === "integer" ? Number.isInteger(number) : Number.isFinite(number);
}

/** A value that CloudFormation works out, of which nothing is known here. */
export function isIntrinsic(value: Json | undefined): boolean {
  if (!isJsonObject(value)) return false;
  const [name = "", ...others] = Object.keys(value);
  return others.length === 0 && (name === "Ref" || name.startsWith("Fn::"));
}
