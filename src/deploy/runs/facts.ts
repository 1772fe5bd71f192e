import type { StackEvent, StackOutput } from "../aws/stacks.ts";
import type { PlannedChange } from "../rules/change-set.ts";
import type { Diagnosis } from "../rules/root-cause.ts";
import type { ResourceTime } from "../rules/stack-events.ts";

/** The timed parts of a run. */
export type DeployStep = "roles" | "preconditions" | "code" | "upload" | "stack" | "cleanup";

export type StepTime = { readonly step: DeployStep; readonly durationMs: number };

/** The questions that a run may ask the user. */
export type Question =
  | { readonly kind: "create-bucket"; readonly bucket: string; readonly region: string }
  | { readonly kind: "lose-data"; readonly changes: readonly PlannedChange[] }
  | {
      readonly kind: "destroy";
      readonly stackName: string;
      readonly resources: readonly { readonly logicalId: string; readonly type: string }[];
      /** Kept by the template, or at the user's request. */
      readonly retained: readonly string[];
    };

/** Facts about preparing a deployment: past tense, plain data. Durations in ms. */
export type PrepareFact =
  | {
      readonly type: "hook.called";
      readonly hook: string;
      readonly durationMs: number;
    }
  | {
      /** The project's own template is deployed: which, and why. */
      readonly type: "template.taken";
      readonly file: string;
      readonly remarks: readonly string[];
    }
  | {
      readonly type: "function.packaged";
      readonly name: string;
      readonly key: string;
      /** Number of files in the zip. */
      readonly files: number;
      readonly zippedBytes: number;
      readonly unzippedBytes: number;
    }
  | {
      readonly type: "build.identified";
      readonly buildId: string;
      readonly source: "git" | "content";
    }
  | {
      readonly type: "template.made";
      readonly resources: number;
      readonly bytes: number;
    };

/** All facts of a run on AWS: past tense, plain data. Facts never control anything. Durations in ms. */
export type DeployFact =
  | PrepareFact
  | {
      readonly type: "run.started";
      readonly command: "deploy" | "destroy";
      readonly stackName: string;
      /** Undefined if the definition was not read. */
      readonly stage: string | undefined;
      readonly region: string;
      /** URL of all services, if it is not AWS's own. */
      readonly endpointUrl: string | undefined;
      readonly codeOnly: boolean;
      readonly express: boolean;
      readonly tags: Readonly<Record<string, string>>;
      /** Names of the definition's own hooks. */
      readonly hooks: readonly string[];
      /** Epoch ms. */
      readonly at: number;
    }
  | { readonly type: "step.started"; readonly step: DeployStep }
  | {
      readonly type: "step.ended";
      readonly step: DeployStep;
      readonly durationMs: number;
      readonly ok: boolean;
    }
  | { readonly type: "account.found"; readonly account: string; readonly arn: string }
  | {
      readonly type: "roles.verified";
      readonly named: readonly string[];
      /** Number of roles that the stack creates. */
      readonly own: number;
    }
  | {
      readonly type: "bucket.checked";
      readonly bucket: string;
      readonly region: string;
      readonly versioning: "Enabled" | "Suspended" | "Off";
      readonly created: boolean;
      /** Whether wsgw manages it. */
      readonly managed: boolean;
    }
  | {
      readonly type: "upload.started";
      readonly bucket: string;
      readonly key: string;
      readonly bytes: number;
    }
  /** `sentBytes` of one object, and of all uploads of this run. */
  | {
      readonly type: "upload.progressed";
      readonly key: string;
      readonly sentBytes: number;
      readonly bytes: number;
      readonly allSentBytes: number;
      readonly allBytes: number;
    }
  | {
      readonly type: "upload.ended";
      readonly bucket: string;
      readonly key: string;
      readonly bytes: number;
      readonly durationMs: number;
    }
  | { readonly type: "upload.skipped"; readonly key: string; readonly bytes: number }
  | { readonly type: "uploads.removed"; readonly bucket: string; readonly keys: readonly string[] }
  | { readonly type: "stack.found"; readonly status: string | undefined }
  /** Another operation on the stack was running. */
  | { readonly type: "stack.attached"; readonly stackName: string; readonly status: string }
  /** A stack whose creation had failed was deleted, to be created again. */
  | {
      readonly type: "stack.replaced";
      readonly stackName: string;
      readonly status: string;
      readonly diagnosis: Diagnosis;
    }
  | {
      readonly type: "changeSet.created";
      readonly name: string;
      readonly stackId: string;
      readonly changes: readonly PlannedChange[];
    }
  | { readonly type: "changeSet.empty"; readonly name: string }
  | {
      readonly type: "stack.started";
      readonly operation: "create" | "update" | "delete";
      readonly stackId: string;
    }
  | {
      readonly type: "stack.event";
      readonly event: StackEvent;
      /** Whether it is about the stack itself. */
      readonly aboutStack: boolean;
    }
  | { readonly type: "call.throttled"; readonly operation: string; readonly delayMs: number }
  | {
      readonly type: "function.updated";
      readonly name: string;
      readonly physicalId: string;
      readonly durationMs: number;
    }
  | { readonly type: "resources.timed"; readonly times: readonly ResourceTime[] }
  | {
      readonly type: "stack.settled";
      readonly stackName: string;
      readonly stackId: string;
      readonly status: string;
      readonly createdAt: number;
      readonly outputs: readonly StackOutput[];
    }
  | {
      readonly type: "stack.failed";
      readonly stackName: string;
      readonly status: string;
      readonly diagnosis: Diagnosis;
    }
  | { readonly type: "stack.missing"; readonly stackName: string }
  | { readonly type: "objects.removed"; readonly bucket: string; readonly count: number }
  | { readonly type: "warning"; readonly message: string }
  | {
      readonly type: "run.ended";
      readonly ok: boolean;
      readonly steps: readonly StepTime[];
      readonly durationMs: number;
    };
