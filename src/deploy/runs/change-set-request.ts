import { WsgwError } from "../../errors.ts";
import { type ChangeSetRequest, PREVIOUS, type StackView } from "../aws/stacks.ts";
import { BUCKET_TAG, objectUrl } from "../rules/bucket.ts";
import { planParameters, type TemplateParameters } from "../rules/parameters.ts";
import { BUCKET_PARAMETER } from "../template/logical-ids.ts";
import type { DeployInput, Prepared } from "./deploy-input.ts";
import type { Run } from "./run-context.ts";

/**
 * Maximum bytes of a template in the call itself; a larger one must be in S3.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const MOST_BODY_BYTES = 51_200;

export function changeSetRequest(
  run: Run,
  input: DeployInput & {
    readonly bucket: string;
    readonly prepared: Prepared;
    readonly templateKey: string;
  },
  stack: StackView | undefined,
): ChangeSetRequest {
  const { templateText, buildId, own } = input.prepared;
  const declared = (JSON.parse(templateText).Parameters ?? {}) as TemplateParameters;
  const bucket = BUCKET_PARAMETER in declared ? { [BUCKET_PARAMETER]: input.bucket } : {};
  const deployed = stack?.parameters.map(({ key }) => key) ?? [];
  const plan = planParameters(
    declared,
    { ...(own?.parameters ?? bucket), ...input.parameters },
    deployed,
  );
  if (plan.faults.length > 0) throw new WsgwError("USAGE", plan.faults.join("\n"));

  const { cloud, timing } = run;
  const { region, endpointUrl } = cloud;
  // A server other than AWS may not be able to read a template from S3.
  const tooLarge = Buffer.byteLength(templateText) > MOST_BODY_BYTES;
  const byUrl = tooLarge && endpointUrl === undefined;
  const unique = Math.floor(timing.random() * 36 ** 6).toString(36);
  return {
    stackName: run.stackName,
    name: `wsgw-${timing.now().toString(36)}-${unique}`,
    kind: stack === undefined || stack.status === "REVIEW_IN_PROGRESS" ? "CREATE" : "UPDATE",
    template: byUrl
      ? { url: objectUrl(input.bucket, input.templateKey, region) }
      : { body: templateText },
    parameters: {
      ...plan.values,
      ...Object.fromEntries(plan.kept.map((name) => [name, PREVIOUS] as const)),
    },
    // With --code-only nothing but code may change, so the tags stay.
    tags: input.codeOnly
      ? (stack?.tags ?? {})
      : {
          ...stack?.tags,
          "wsgw:buildId": buildId,
          ...(own && { [BUCKET_TAG]: input.bucket }),
          ...input.tags,
        },
    express: input.express,
  };
}
