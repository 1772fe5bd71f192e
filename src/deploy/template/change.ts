import type { Json } from "./model.ts";
import type { Replacement } from "./resource-types.ts";

/** The compared sections of a template. */
export const SECTIONS = [
  "Transform",
  "Globals",
  "Mappings",
  "Rules",
  "Conditions",
  "Parameters",
  "Resources",
  "Outputs",
] as const;

/** A difference between the deployed template and the next one. */
export type Change = {
  readonly kind: "added" | "changed" | "removed";
  readonly section: (typeof SECTIONS)[number];
  /** Logical id, or the name of the parameter or output. */
  readonly id: string;
  /** Resource type; empty outside of `Resources`. */
  readonly type: string;
  /** For `changed`: the changed properties, in the order of the paths. */
  readonly properties: readonly PropertyChange[];
  /** Whether CloudFormation replaces the resource with a new one. */
  readonly replacement: Replacement;
  /** Sentences about consequences that are not obvious. */
  readonly notes: readonly string[];
};

export type PropertyChange = {
  /** For example `GlobalSecondaryIndexes[0].IndexName` or `DeletionPolicy`. */
  readonly path: string;
  /** Undefined if it did not exist. */
  readonly before: Json | undefined;
  /** Undefined if it no longer exists. */
  readonly after: Json | undefined;
  readonly replacement: Replacement;
};
