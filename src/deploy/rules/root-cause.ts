import type { StackEvent } from "../aws/stacks.ts";
import { isAboutStack, nestedStacks } from "./stack-events.ts";

type Failure = {
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string;
};

export type Diagnosis = {
  /** The first one that failed by itself. */
  readonly cause: Failure | undefined;
  /** Other failures, without resources that were only cancelled. */
  readonly others: readonly Failure[];
  readonly hint: string;
};

/** Resources that stopped because another one failed. */
const CANCELLED = /^(Resource (creation|update|deletion) cancelled|Operation cancelled)/i;
/** A stack's message about its failed resources. */
const CONSEQUENCE = /^The following resource\(s\) failed to/i;

/** Finds why an operation failed: the earliest resource that failed and was not cancelled. */
export function diagnose(events: readonly StackEvent[]): Diagnosis {
  const nested = new Set(nestedStacks(events));
  const failures = [...events]
    .sort((a, b) => a.at - b.at)
    .filter(({ status }) => status.endsWith("_FAILED"))
    .filter(({ reason = "" }) => !CANCELLED.test(reason) && !CONSEQUENCE.test(reason))
    // A nested stack fails because of one of its resources, which is in the list as well.
    .filter((event) => isAboutStack(event) || !nested.has(event.physicalId ?? ""));
  const resources = failures.filter((event) => !isAboutStack(event));
  const [cause, ...others] = (resources.length > 0 ? resources : failures).map(failureOf);
  return { cause, others, hint: hintFor(cause?.reason ?? "") };
}

/** A diagnosis in a few lines: the root cause first, then other failures. */
export function diagnosisText({ cause, others }: Diagnosis): string {
  if (cause === undefined) return "CloudFormation does not report a failed resource.";
  return [cause, ...others]
    .map(({ logicalId, type, reason }) => `${logicalId} (${type}): ${reason}`)
    .join("\n");
}

function failureOf({ logicalId, type, status, reason }: StackEvent): Failure {
  return { logicalId, type, status, reason: reason ?? "CloudFormation does not report a reason." };
}

/** Advice for the most frequent reasons. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /CloudWatch Logs role ARN must be set/i,
    "Logging of API Gateway needs a role of the account. Create an AWS::ApiGateway::Account once for account and region, outside of this stack.",
  ],
  [
    /not authorized to perform|AccessDenied|is not authorized/i,
    "The credentials of this run lack that permission. Ask for it, or use another --profile.",
  ],
  [
    /already exists/i,
    "Something outside of this stack has that name. Remove it, or choose another name or --stack-name.",
  ],
  [
    /runtime .*(no longer supported|not supported|deprecated)/i,
    "Set `runtime` of the function to one that AWS still accepts, such as nodejs24.x.",
  ],
  [
    /NoSuchKey|S3 Error|GetObject/i,
    "The code is no longer in the bucket, or not readable there. Deploy again, which uploads it again.",
  ],
  [
    /LimitExceeded|quota|exceeded the maximum|concurrency/i,
    "A quota of the account is reached. Raise it in Service Quotas, or delete what you do not use.",
  ],
  [
    /Rate exceeded|Throttl|TooManyRequests|ConcurrentModification/i,
    "AWS was busy with other calls of the account. Deploy again.",
  ],
  [
    /cannot be assumed|role defined for the function/i,
    "A new role takes some seconds until Lambda may use it. Deploy again.",
  ],
];

function hintFor(reason: string): string {
  const found = HINTS.find(([pattern]) => pattern.test(reason));
  return (
    found?.[1] ?? "Fix the cause and deploy again. CloudFormation has rolled back its changes."
  );
}
