import * as v from "valibot";

/** What happens to calls that leave a function. @internal */
export const NETWORK_FACT = v.variant("type", [
  v.pipe(
    v.strictObject({
      type: v.literal("aws.stopped"),
      connectionId: v.pipe(
        v.undefinedable(v.string()),
        v.description("The connection whose event the function ran, where that is known."),
      ),
      service: v.pipe(v.string(), v.description("As in the service's hosts, such as `s3`.")),
      operation: v.pipe(
        v.string(),
        v.description(
          "Such as `GetParameter`, or method and path of a call that does not name its operation.",
        ),
      ),
      host: v.string(),
      functionName: v.pipe(
        v.undefinedable(v.string()),
        v.description("Absent for a call that is not signed with a key of a function."),
      ),
    }),
    v.readonly(),
    v.description(
      "wsgw stopped a call of an AWS service before it left this machine. Caused by the `function.started` whose code called.",
    ),
  ),
]);

export type NetworkFact = v.InferOutput<typeof NETWORK_FACT>;
