import * as v from "valibot";
import { isObject } from "../values/json.ts";
import { didYouMean, shown } from "./faults.ts";
import type { ReferenceName, Value } from "./references.ts";
import { fields, list, meant, required, textThat, textWithout } from "./vocabulary.ts";

// References, and the values that may contain them.

export const reference = fields("a reference", {
  ref: required(
    v.custom<ReferenceName>(
      (name) => typeof name === "string",
      ({ input }) =>
        `${shown(input)} is not a string. Write the name of a resource, such as "api.chat.url".`,
    ),
    "`api.NAME.id`, `.url`, `.callbackUrl` or `.stage`; `table.NAME.name` or `.arn`; `function.NAME.name` or `.arn`; `region`; `accountId`.",
  ),
});

export const join: v.GenericSchema<Exclude<Value, string | { readonly ref: ReferenceName }>> =
  fields("a join", {
    join: required(
      list(v.lazy((): v.GenericSchema<Value> => valueSchema)),
      "Strings and references that become one string.",
    ),
  });

/** The only field of an object, if it is similar to a reference's. */
function misspelt(value: unknown): string | undefined {
  const [name, ...others] = isObject(value) ? Object.keys(value) : [];
  return name === undefined || others.length > 0 ? undefined : didYouMean(name, ["ref", "join"]);
}

const nearReference = textWithout(
  (value) => `${shown(value)} is not a string or a reference${misspelt(value) ?? "."}`,
);

/** A `literal` string, a reference, or a concatenation of these. */
export function referable<S extends v.GenericSchema<string, string>>(literal: S) {
  return meant(v.union([literal, reference, join]), (value) => {
    if (isObject(value) && "join" in value) return join;
    if (isObject(value) && "ref" in value) return reference;
    return misspelt(value) === undefined ? literal : nearReference;
  });
}

export const valueSchema: v.GenericSchema<Value> = referable(textThat("a text", () => true));
