import { WsgwError } from "../../errors.ts";
import { isObject } from "../../readers/cloudformation/rules/tree.ts";

/** A value in a template: JSON, including CloudFormation's intrinsic functions. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

export type JsonObject = { readonly [name: string]: Json };

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html */
export type Resource = {
  readonly Type: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Condition?: string;
  readonly Metadata?: JsonObject;
  readonly Properties?: JsonObject;
};

type Output = {
  readonly Description?: string;
  readonly Value: Json;
  readonly Condition?: string;
  readonly Export?: Json;
};

export type Outputs = Readonly<Record<string, Output>>;

export type Parameter = {
  readonly Type: string;
  readonly Description?: string;
  readonly Default?: Json;
  readonly AllowedValues?: readonly Json[];
};

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html */
export type Template = {
  readonly AWSTemplateFormatVersion?: "2010-09-09";
  readonly Description?: string;
  readonly Metadata?: JsonObject;
  readonly Parameters?: Readonly<Record<string, Parameter>>;
  readonly Transform?: Json;
  readonly Globals?: JsonObject;
  readonly Rules?: JsonObject;
  readonly Mappings?: JsonObject;
  readonly Conditions?: JsonObject;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Outputs;
};

/** The value as JSON, without fields that are `undefined`. */
export function plainJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value) ?? "null");
}

/** A value that CloudFormation computes, unknown here. */
export function isIntrinsic(value: Json | undefined): boolean {
  if (!isObject(value)) return false;
  const [name = "", ...others] = Object.keys(value);
  return others.length === 0 && (name === "Ref" || name.startsWith("Fn::"));
}

/** The same JSON with sorted keys, on one line: equal values give equal strings. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(sorted(value));
}

/** The same JSON with sorted keys. */
export function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted(value[name] ?? null)]),
  );
}

/** The template of a deployed stack. Throws STACK_NOT_FOUND for one that wsgw did not create. */
export function readDeployedTemplate(stackName: string, text: string): Template {
  if (text === "") return { Resources: {} }; // some servers do not keep it
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `The template of the stack ${stackName} is not JSON, so it is not one of wsgw's.`;
    throw new WsgwError("STACK_NOT_FOUND", message, { cause });
  }
}
