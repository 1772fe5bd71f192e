import * as v from "valibot";
import { described, fact } from "../journal/facts.ts";

/** What happens to calls by what the caller's role allows. @internal */
export const IAM_FACT = v.variant("type", [
  fact(
    "permission.missing",
    "The role of a function or an integration does not allow a call of it. Caused by the `function.started` whose code called, or by `integration.called`.",
    {
      functionName: described(
        v.string(),
        "For a call by API Gateway `the integration of ROUTE of API`.",
      ),
      action: described(v.string(), "Such as `dynamodb:PutItem`."),
      resource: described(v.string(), "ARN that the action is about."),
      decision: described(
        v.picklist(["implicit-deny", "explicit-deny"]),
        "Whether nothing allows it, or a statement denies it.",
      ),
      because: described(
        v.undefinedable(v.string()),
        "The statement that denies it, or that would allow it but for one part.",
      ),
      statement: described(
        v.undefinedable(v.unknown()),
        "The statement that is missing, as it is written in the template or in `roleStatements`.",
      ),
      add: described(
        v.undefinedable(v.string()),
        "Where it goes, and the statement in the syntax of that file.",
      ),
      refused: described(v.boolean(), "False where `--permissions warn` lets the call through."),
    },
  ),
]);

export type IamFact = v.InferOutput<typeof IAM_FACT>;
