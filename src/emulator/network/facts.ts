import * as v from "valibot";
import { described, fact } from "../journal/facts.ts";

/** What happens to calls that leave a function. @internal */
export const NETWORK_FACT = v.variant("type", [
  fact(
    "aws.stopped",
    "wsgw stopped a call of an AWS service before it left this machine. Caused by the `function.started` whose code called.",
    {
      connectionId: described(
        v.undefinedable(v.string()),
        "The connection whose event the function ran, where that is known.",
      ),
      service: described(v.string(), "As in the service's hosts, such as `s3`."),
      operation: described(
        v.string(),
        "Such as `GetParameter`, or method and path of a call that does not name its operation.",
      ),
      host: v.string(),
      functionName: described(
        v.undefinedable(v.string()),
        "Absent for a call that is not signed with a key of a function.",
      ),
    },
  ),
]);

export type NetworkFact = v.InferOutput<typeof NETWORK_FACT>;
