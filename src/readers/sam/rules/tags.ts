import type { Json } from "../../cloudformation/rules/origins.ts";
import { isObject } from "../../cloudformation/rules/tree.ts";
import { type Expansion, isIntrinsic, type SamResource } from "./expansion.ts";

/** Tags as the array that most resources use, plus SAM's own. */
export function tagsOf(expansion: Expansion, sam: SamResource): readonly Json[] {
  const tags = expansion.map(`${sam.type} ${JSON.stringify(sam.id)}`, sam.properties, "Tags");
  const mark = sam.type === "StateMachine" ? "stateMachine:createdBy" : "lambda:createdBy";
  return [{ Key: mark, Value: "SAM" }, ...plainTags(tags)];
}

/** Tags as an array, without SAM's own. */
export function plainTags(tags: Json | undefined): readonly Json[] {
  if (!isObject(tags) || isIntrinsic(tags)) return [];
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
