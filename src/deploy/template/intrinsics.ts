import type { Json } from "./model.ts";

export function ref(logicalId: string): Json {
  return { Ref: logicalId };
}

export function getAtt(logicalId: string, attribute: string): Json {
  return { "Fn::GetAtt": [logicalId, attribute] };
}

/** `text` with `${Id}` and `${Id.Attribute}` filled in by CloudFormation. */
export function sub(text: string): Json {
  return { "Fn::Sub": text };
}

/** Text that stays as it is within `sub`. */
export function literal(text: string): string {
  return text.replaceAll("${", "${!");
}
