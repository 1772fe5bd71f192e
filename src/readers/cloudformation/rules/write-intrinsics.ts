import type { Json, JsonObject } from "./origins.ts";

export function ref(id: string): JsonObject {
  return { Ref: id };
}

export function attribute(id: string, name: string): JsonObject {
  return { "Fn::GetAtt": [id, name] };
}

export function sub(text: string, variables?: JsonObject): JsonObject {
  return { "Fn::Sub": variables === undefined ? text : [text, variables] };
}

export function join(...parts: readonly Json[]): JsonObject {
  return { "Fn::Join": ["", parts] };
}
