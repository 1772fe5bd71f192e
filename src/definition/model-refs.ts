import { isObject } from "../values/json.ts";
import { mapValues } from "../values/map-values.ts";
import type { Path } from "./faults.ts";

/**
 * URLs of models, whose API id does not matter:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
 */
export const MODEL_URL =
  /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/([^/#]+)(#.*)?$/;

/**
 * The model in a `$ref`, by its name or API Gateway's URL; undefined for a part of the same model, or another
 * URL.
 */
export function modelNamedBy(ref: string): string | undefined {
  if (/^[A-Za-z0-9]+$/.test(ref)) return ref;
  return MODEL_URL.exec(ref)?.[1];
}

/** Every `$ref` in a schema, with its path. */
export function refsIn(value: unknown, path: Path = []): readonly (readonly [Path, string])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    return key === "$ref" && typeof inner === "string" ? [[at, inner] as const] : refsIn(inner, at);
  });
}

/** A copy of a schema with every `$ref` changed by `change`. */
export function withRefs(value: unknown, change: (ref: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((inner) => withRefs(inner, change));
  if (!isObject(value)) return value;
  return mapValues(value, (inner, key) =>
    key === "$ref" && typeof inner === "string" ? change(inner) : withRefs(inner, change),
  );
}
