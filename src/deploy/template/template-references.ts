import { isObject, objectOf } from "../../readers/cloudformation/rules/tree.ts";
import { pathOf } from "./faults.ts";
import type { Json, Template } from "./model.ts";

/** A reference to a logical id in a template. */
export type Reference = {
  /** Logical id of the referencing resource, or name of the output. */
  readonly from: string;
  readonly section: "Resources" | "Outputs" | "Conditions";
  /** Path within it, as in errors. */
  readonly path: string;
  readonly kind: "Ref" | "GetAtt" | "DependsOn" | "Condition";
  readonly to: string;
  /** Only for GetAtt. */
  readonly attribute?: string;
};

type Found = Pick<Reference, "path" | "kind" | "to" | "attribute">;

/** Every reference of a template, in order, except pseudo parameters such as `AWS::Region`. */
export function referencesIn(template: Template): readonly Reference[] {
  const resources = Object.entries(template.Resources).flatMap(([from, resource]) => {
    const { DependsOn = [], Condition, Properties, ...rest } = resource;
    const found: Found[] = [
      ...[DependsOn].flat().map((to) => ({ path: "DependsOn", kind: "DependsOn" as const, to })),
      ...conditionOf(Condition, "Condition"),
      ...inValue(Properties ?? {}, ""),
      ...inValue((rest.Metadata ?? {}) as Json, "Metadata"),
    ];
    return found.map((reference) => ({ ...reference, from, section: "Resources" as const }));
  });
  const outputs = Object.entries(template.Outputs ?? {}).flatMap(([from, output]) => {
    const found = [
      ...conditionOf(output.Condition, "Condition"),
      ...inValue(output.Value, "Value"),
      ...inValue(output.Export ?? null, "Export"),
    ];
    return found.map((reference) => ({ ...reference, from, section: "Outputs" as const }));
  });
  const conditions = Object.entries(template.Conditions ?? {}).flatMap(([from, condition]) =>
    inValue(condition, "").map((reference) => ({
      ...reference,
      from,
      section: "Conditions" as const,
    })),
  );
  return [...resources, ...outputs, ...conditions];
}

function conditionOf(to: string | undefined, path: string): readonly Found[] {
  return to === undefined ? [] : [{ path, kind: "Condition", to }];
}

function inValue(value: Json, path: string): readonly Found[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: Json, index) => inValue(item, pathOf(path, index)));
  }
  if (!isObject(value)) return [];
  const [[name, argument] = ["", null], ...others] = Object.entries(value);
  if (others.length === 0) {
    const own = ofFunction(name, argument, path);
    if (own !== undefined) return own;
  }
  return Object.entries(value).flatMap(([key, item]) => inValue(item, pathOf(path, key)));
}

/** The references of one intrinsic function; undefined if the function itself does not reference anything. */
function ofFunction(name: string, argument: Json, path: string): readonly Found[] | undefined {
  switch (name) {
    case "Ref":
      return typeof argument === "string" ? named("Ref", argument, path) : [];
    case "Fn::GetAtt": {
      const [to, attribute] = attributeOf(argument);
      return [{ path, kind: "GetAtt", to, attribute }];
    }
    case "Fn::Sub":
      return inSub(argument, path);
    case "Fn::If": {
      const [condition, ...values] = Array.isArray(argument) ? argument : [];
      return [
        ...(typeof condition === "string" ? conditionOf(condition, path) : []),
        ...inValue(values, path),
      ];
    }
    default:
      return undefined;
  }
}

function attributeOf(argument: Json): readonly [string, string] {
  if (typeof argument === "string") return splitDot(argument);
  const [to, attribute] = Array.isArray(argument) ? argument : [];
  return [String(to ?? ""), typeof attribute === "string" ? attribute : ""];
}

/** `${Id}`, `${Id.Attribute}`, and an object with additional names; `${!x}` is literal. */
function inSub(argument: Json, path: string): readonly Found[] {
  const [text, map] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof text !== "string") return [];
  const own = objectOf(map);
  const found = [...text.matchAll(/\$\{\s*([^!}][^}]*?)\s*\}/g)].flatMap(([, name = ""]) => {
    if (Object.hasOwn(own, name)) return [];
    if (!name.includes(".")) return named("Ref", name, path);
    const [to, attribute] = splitDot(name);
    return [{ path, kind: "GetAtt" as const, to, attribute }];
  });
  return [...found, ...inValue(own, path)];
}

function splitDot(name: string): readonly [string, string] {
  const dot = name.indexOf(".");
  return dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1)];
}

function named(kind: "Ref", to: string, path: string): readonly Found[] {
  return PSEUDO_PARAMETERS.has(to) ? [] : [{ path, kind, to }];
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
const PSEUDO_PARAMETERS: ReadonlySet<string> = new Set(
  [
    "AccountId",
    "NotificationARNs",
    "NoValue",
    "Partition",
    "Region",
    "StackId",
    "StackName",
    "URLSuffix",
  ].map((name) => `AWS::${name}`),
);
