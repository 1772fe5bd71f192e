import * as v from "valibot";
import { described, fact } from "../journal/facts.ts";

/** Facts about calls that leave a function. @internal */
export const NETWORK_FACT = v.variant("type", [
  fact(
    "aws.stopped",
    "wsgw rejected a call to an AWS service, which did not leave this machine. Caused by the `function.started` that called.",
    {
      connectionId: described(
        v.undefinedable(v.string()),
        "The connection of the function's event, if known.",
      ),
      service: described(v.string(), "Name in the service's hosts, such as `s3`."),
      operation: described(
        v.string(),
        "Such as `GetParameter`, or method and path if the call does not name its operation.",
      ),
      host: v.string(),
      functionName: described(
        v.undefinedable(v.string()),
        "Absent if no function's key signed the call.",
      ),
    },
  ),
]);

export type NetworkFact = v.InferOutput<typeof NETWORK_FACT>;
