import type { Json } from "./model.ts";
import type { Replacement } from "./resource-types.ts";

/** The sections of a template that are compared. */
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

/** What differs between the template that is deployed and the one that would be. */
export type Change = {
  readonly kind: "added" | "changed" | "removed";
  readonly section: (typeof SECTIONS)[number];
  /** Logical id, or the name of the parameter or output. */
  readonly id: string;
  /** Resource type; empty outside of `Resources`. */
  readonly type: string;
  /** For `changed`: what of it, in the order of the paths. */
  readonly properties: readonly PropertyChange[];
  /** Whether CloudFormation makes a new resource in this one's place, and removes this one. */
  readonly replacement: Replacement;
  /** Sentences on what the change means where that is not plain. */
  readonly notes: readonly string[];
};

export type PropertyChange = {
  /** Such as `GlobalSecondaryIndexes[0].IndexName` or `DeletionPolicy`. */
  readonly path: string;
  /** Undefined where there was nothing. */
  readonly before: Json | undefined;
  /** Undefined where nothing is left. */
  readonly after: Json | undefined;
  readonly replacement: Replacement;
};
