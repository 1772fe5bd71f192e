import * as v from "valibot";
import { described, fact } from "../journal/facts.ts";

/** Facts about calls that the caller's role decides on. @internal */
export const IAM_FACT = v.variant("type", [
  fact(
    "permission.missing",
    "The role of a function or an integration does not allow its call. Caused by the `function.started` that called, or by `integration.called`.",
    {
      functionName: described(
        v.string(),
        "For a call by API Gateway: `the integration of ROUTE of API`.",
      ),
      action: described(v.string(), "Such as `dynamodb:PutItem`."),
      resource: described(v.string(), "ARN of the resource."),
      decision: described(
        v.picklist(["implicit-deny", "explicit-deny"]),
        "`implicit-deny`: no statement allows it. `explicit-deny`: a statement denies it.",
      ),
      because: described(
        v.undefinedable(v.string()),
        "The statement that denies it, or that almost allows it.",
      ),
      statement: described(
        v.undefinedable(v.unknown()),
        "The missing statement, as in the template or in `roleStatements`.",
      ),
      add: described(
        v.undefinedable(v.string()),
        "Where to add it, and the statement in the syntax of that file.",
      ),
      refused: described(v.boolean(), "False when `--permissions warn` allows the call."),
    },
  ),
]);

export type IamFact = v.InferOutput<typeof IAM_FACT>;
