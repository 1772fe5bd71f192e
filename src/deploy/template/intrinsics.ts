import type { Json } from "./model.ts";

export function ref(logicalId: string): Json {
  return { Ref: logicalId };
}

export function getAtt(logicalId: string, attribute: string): Json {
  return { "Fn::GetAtt": [logicalId, attribute] };
}

/** `text`, in which CloudFormation replaces `${Id}` and `${Id.Attribute}`. */
export function sub(text: string): Json {
  return { "Fn::Sub": text };
}

/** Escapes a literal string for `sub`. */
export function literal(text: string): string {
  return text.replaceAll("${", "${!");
}
