import { shown } from "./faults.ts";
import type { DeployHooks } from "./hooks.ts";
import { fields, optional, type Shape } from "./shape.ts";

/** A function; nothing else can be a hook, so there are none in JSON. */
function hook<T>(): Shape<T> {
  return (value, place, report): value is T => {
    if (typeof value === "function") return true;
    report(
      place,
      `${shown(value)} is not a function; hooks are functions in a definition in TypeScript or JavaScript.`,
    );
    return false;
  };
}

/** The hooks of a definition. What they return is checked when they have run. */
export const hooksShape: Shape<DeployHooks> = fields<DeployHooks>("the hooks", {
  beforeBundle: optional(hook()),
  afterBundle: optional(hook()),
  template: optional(hook()),
});
