import * as v from "valibot";

/** A schema with a description. @internal */
export function described<const Schema extends v.GenericSchema>(schema: Schema, text: string) {
  return v.pipe(schema, v.description(text));
}

/** A fact: its type, description and fields. @internal */
export function fact<const Type extends string, const Fields extends v.ObjectEntries>(
  type: Type,
  text: string,
  fields: Fields,
) {
  const entries = { type: v.literal(type), ...fields };
  return v.pipe(v.strictObject(entries), v.readonly(), v.description(text));
}

/** The function that made a call. @internal */
export const caller = described(
  v.undefinedable(v.string()),
  "The calling function, if its key signed the call.",
);

/** Links a call to an invocation. @internal */
export const traceParent = v.optional(
  described(
    v.string(),
    "Last 16 digits of the `awsRequestId` of the caller's event, if its SDK sends them.",
  ),
);

/** Warnings without a fact of their own. @internal */
export const WARNING = v.variant("type", [
  fact("warning", "A warning for you.", { message: v.string() }),
]);

/** A fact of any subject that the user should see. */
export type Warning = v.InferOutput<typeof WARNING>;

/** Fields that the journal adds to every fact. @internal */
export const STAMP = v.pipe(
  v.strictObject({
    seq: described(v.number(), "Counts from 1 without gaps."),
    at: described(v.number(), "When it happened, in epoch milliseconds."),
    id: described(v.number(), "Id of this fact, for `causedBy` of others. The same as `seq`."),
    causedBy: v.exactOptional(
      described(
        v.number(),
        "`id` of the fact that caused this one, always a smaller number. Absent if a client or a person caused it, or if the cause is not known.",
      ),
    ),
  }),
  v.readonly(),
);

/** A fact's time and cause. */
export type Stamp = v.InferOutput<typeof STAMP>;
