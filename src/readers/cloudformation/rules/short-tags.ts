import { nearest } from "../../../values/nearest.ts";
import type { Json } from "./origins.ts";

/** The functions that have a short tag, without `Fn::`. Those of the section Rules are among them. */
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

/** All short tags that CloudFormation has. */
export const SHORT_TAGS: readonly string[] = [...LONG_FORMS.keys()];

/** `Fn::Sub` for `!Sub`; undefined for a tag that CloudFormation does not have. */
export function longForm(tag: string): string | undefined {
  return LONG_FORMS.get(tag);
}

/** The short tag that was probably meant. */
export function nearestTag(tag: string): string | undefined {
  return nearest(tag, SHORT_TAGS);
}

/** What the long form takes: of `!GetAtt A.B` the list `["A", "B"]`. */
export function longArgument(form: string, argument: Json): Json {
  if (form !== "Fn::GetAtt" || typeof argument !== "string") return argument;
  const dot = argument.indexOf(".");
  return dot === -1 ? argument : [argument.slice(0, dot), argument.slice(dot + 1)];
}
