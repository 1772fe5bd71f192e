import { nearest } from "../../../values/nearest.ts";
import type { Json } from "./origins.ts";

/** Functions with a short tag, without `Fn::`, including those of the section Rules. */
const FUNCTIONS = [
  "And",
  "Base64",
  "Cidr",
  "Contains",
  "EachMemberEquals",
  "EachMemberIn",
  "Equals",
  "FindInMap",
  "GetAtt",
  "GetAZs",
  "If",
  "ImportValue",
  "Join",
  "Length",
  "Not",
  "Or",
  "RefAll",
  "Select",
  "Split",
  "Sub",
  "ToJsonString",
  "Transform",
  "ValueOf",
  "ValueOfAll",
];

const LONG_FORMS = new Map<string, string>([
  ["!Ref", "Ref"],
  ["!Condition", "Condition"],
  ...FUNCTIONS.map((name) => [`!${name}`, `Fn::${name}`] as const),
]);

/** All short tags of CloudFormation. */
export const SHORT_TAGS: readonly string[] = [...LONG_FORMS.keys()];

/** `Fn::Sub` for `!Sub`; undefined for an unknown tag. */
export function longForm(tag: string): string | undefined {
  return LONG_FORMS.get(tag);
}

/** The most similar short tag. */
export function nearestTag(tag: string): string | undefined {
  return nearest(tag, SHORT_TAGS);
}

/** The argument of the long form: `!GetAtt A.B` becomes `["A", "B"]`. */
export function longArgument(form: string, argument: Json): Json {
  if (form !== "Fn::GetAtt" || typeof argument !== "string") return argument;
  const dot = argument.indexOf(".");
  return dot === -1 ? argument : [argument.slice(0, dot), argument.slice(dot + 1)];
}
