import type { Json, JsonObject } from "./origins.ts";

export function ref(id: string): JsonObject {
  return { Ref: id };
}

export function getAtt(id: string, name: string): JsonObject {
  return { "Fn::GetAtt": [id, name] };
}

/** `text`, in which CloudFormation replaces `${Id}` and `${Id.Attribute}`. */
export function sub(text: string, variables?: JsonObject): JsonObject {
  return { "Fn::Sub": variables === undefined ? text : [text, variables] };
}

export function join(...parts: readonly Json[]): JsonObject {
  return { "Fn::Join": ["", parts] };
}

/** Escapes a literal string for `sub`. */
export function literal(text: string): string {
  return text.replaceAll("${", "${!");
}
