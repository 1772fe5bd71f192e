import * as v from "valibot";

/** A fact of any subject: something that the user should look at. */
export const WARNING = v.pipe(
  v.strictObject({
    type: v.literal("warning"),
    message: v.string(),
  }),
  v.readonly(),
  v.description("Something that you should look at."),
);

/** What the journal adds to every fact. */
export const ENTRY = v.strictObject({
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
});
