import type { Json, Origin } from "../../cloudformation/rules/origins.ts";
import type { StackPlace } from "../../cloudformation/rules/resource-values.ts";
import { type Attributed, plain, textOf, type Value } from "./values.ts";

/** The context of a project's resources. */
export type Surroundings = {
  /** Region, account and name of the project on this machine. */
  readonly place: StackPlace;
  readonly workspace: string;
  /** A directory in the form that expressions see. */
  readonly shown: (directory: string) => string;
  /** What to do about a variable without a value. */
  readonly noValue: (variable: string, modules: readonly string[]) => string;
  /** A placeholder for an unknown object: each of its attributes is a string that says so. */
  readonly madeUp: (label: string) => Attributed;
  /** The outputs of another project's state. */
  readonly remoteOutputs: (data: WrittenResource) => Attributed;
};

/** A resource in any syntax. */
export type WrittenResource = {
  readonly type: string;
  /** `module.chat.aws_lambda_function.join["a"]` */
  readonly address: string;
  /** Its key here. */
  readonly key: string;
  /** A written attribute or list of blocks; undefined if absent. Throws an HclFault. */
  readonly written: (name: string) => Value | undefined;
  /** An attribute, written or computed. Throws an HclFault. */
  readonly value: (name: string) => Value | undefined;
  /** Its place, or that of an attribute. */
  readonly origin: (attribute?: string) => Origin | undefined;
  /** Whether it is a data source. */
  readonly isData: boolean;
};

/** A value in a template's form; null if absent. */
export function jsonOf(value: Value | undefined): Json {
  return value === undefined ? null : plain(value);
}

/** An attribute as a string; undefined if absent. */
export function textIn(resource: Pick<WrittenResource, "value">, name: string): string | undefined {
  const value = resource.value(name);
  return value === undefined || value === null ? undefined : textOf(value);
}
