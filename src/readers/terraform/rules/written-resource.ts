import type { Json, Origin } from "../../cloudformation/rules/origins.ts";
import type { StackPlace } from "../../cloudformation/rules/resource-values.ts";
import { type Attributed, plain, textOf, type Value } from "./values.ts";

/** What the resources of a project ask for. */
export type Surroundings = {
  /** Where the project is on this machine. */
  readonly place: StackPlace;
  readonly workspace: string;
  /** A folder as expressions see it. */
  readonly shown: (folder: string) => string;
  /** Says what to do about a variable without a value. */
  readonly noValue: (variable: string, modules: readonly string[]) => string;
  /** What cannot be known here: each of its attributes is a string that says so. */
  readonly madeUp: (label: string) => Attributed;
  /** What the state of another project puts out. */
  readonly remoteOutputs: (data: WrittenResource) => Attributed;
};

/** A resource, as it is written in whichever form. */
export type WrittenResource = {
  readonly type: string;
  /** `module.chat.aws_lambda_function.join["a"]` */
  readonly address: string;
  /** By which it is called here. */
  readonly key: string;
  /** An attribute or a list of blocks that is written; undefined for what is not. Throws an HclFault. */
  readonly written: (name: string) => Value | undefined;
  /** A value of it, written or computed. Throws an HclFault. */
  readonly value: (name: string) => Value | undefined;
  /** Where it or an attribute was written. */
  readonly origin: (attribute?: string) => Origin | undefined;
  /** The folder from which its paths count: that of the project. */
  readonly isData: boolean;
};

/** A value as a template has it; null for what is left out. */
export function jsonOf(value: Value | undefined): Json {
  return value === undefined ? null : plain(value);
}

/** An attribute as a string; undefined where it has none. */
export function textIn(resource: Pick<WrittenResource, "value">, name: string): string | undefined {
  const value = resource.value(name);
  return value === undefined || value === null ? undefined : textOf(value);
}
