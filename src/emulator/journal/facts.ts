import * as v from "valibot";

/** What no other fact describes. @internal */
export const WARNING = v.variant("type", [
  v.pipe(
    v.strictObject({
      type: v.literal("warning"),
      message: v.string(),
    }),
    v.readonly(),
    v.description("Something that you should look at."),
  ),
]);

/** A fact of any subject: something that the user should look at. */
export type Warning = v.InferOutput<typeof WARNING>;

/** What the journal adds to every fact. @internal */
export const STAMP = v.pipe(
  v.strictObject({
    seq: v.pipe(v.number(), v.description("Counts from 1 without gaps.")),
    at: v.pipe(v.number(), v.description("When it happened, in epoch milliseconds.")),
    id: v.pipe(
      v.number(),
      v.description("Names this fact in `causedBy` of others. The same as `seq`."),
    ),
    causedBy: v.exactOptional(
      v.pipe(
        v.number(),
        v.description(
          "`id` of the fact that caused this one, always a smaller number. Absent where a client or a person acted, or where the cause is not known.",
        ),
      ),
    ),
  }),
  v.readonly(),
);

/** A fact's place in time, and its cause. */
export type Stamp = v.InferOutput<typeof STAMP>;
