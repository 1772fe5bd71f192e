import type { StackView } from "../aws/stacks.ts";
import type { Diagnosis } from "../rules/root-cause.ts";
import type { Ending } from "./run-context.ts";

/** The result of a deployment, including errors of AWS. */
export type DeployResult =
  | { readonly kind: "deployed"; readonly stack: StackView }
  | { readonly kind: "unchanged"; readonly stack: StackView }
  | { readonly kind: "code-updated"; readonly stack: StackView }
  | {
      readonly kind: "failed";
      readonly stackName: string;
      readonly status: string;
      readonly diagnosis: Diagnosis;
    }
  | Ending;
