import { shown } from "./faults.ts";

/** Describes a value that cannot be a definition, such as `a promise`; undefined if it can be one. */
export function otherThanDefinition(value: unknown): string | undefined {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return functionOrClass(value);
  if (typeof value !== "object" || value === null) return shown(value);
  if (Array.isArray(value)) return "an array";
  if ("then" in value && typeof value.then === "function") return "a promise that is not awaited";
  if (Object.keys(value).length === 0) return "an empty object";
  if ("default" in value && !("name" in value)) return "a module instead of its default export";
  return undefined;
}

/** `the function f`, `a class`; omits a name that a bundler generated. */
export function functionOrClass(value: object & { readonly name?: string }): string {
  const kind = isClass(value) ? "class" : "function";
  const name = value.name ?? "";
  return name === "" || /(?:^|_)default$/.test(name) ? `a ${kind}` : `the ${kind} ${name}`;
}

/** Whether a value cannot be called without `new`. */
export function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}
