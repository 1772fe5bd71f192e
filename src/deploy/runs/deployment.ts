import type { StackView } from "../aws/stacks.ts";
import type { Diagnosis } from "../rules/root-cause.ts";
import type { Ending } from "./run-context.ts";

/** What is deployed, made from the definition or from a template of the project's own. */
export type Prepared = {
  readonly buildId: string;
  /** JSON. */
  readonly templateText: string;
  readonly functions: readonly {
    readonly name: string;
    readonly logicalId: string;
    readonly key: string;
    readonly zip: Uint8Array;
  }[];
  /** Of a template of the project's own, which names the bucket itself. */
  readonly own?: {
    /** Nested templates and other files. */
    readonly files: readonly {
      readonly key: string;
      readonly body: Uint8Array;
      readonly type: string;
    }[];
    /** What the project says of the template's parameters. */
    readonly parameters: Readonly<Record<string, string>>;
  };
};

export type DeployInput = {
  readonly bucket: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly codeOnly: boolean;
  readonly express: boolean;
  /** Names of roles that have to be there already. */
  readonly namedRoles: readonly string[];
  readonly ownRoles: number;
  /** What has stages log, for which API Gateway needs a role of the account; begins a sentence. */
  readonly logsBy: string | undefined;
  prepare(bucket: string): Promise<Prepared>;
};

/** How a deployment ended; what AWS refused is a value here. */
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
