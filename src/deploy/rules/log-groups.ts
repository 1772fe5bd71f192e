import type { StackResource } from "../aws/stacks.ts";

/**
 * The log group of a stack's function: the one in its template, else Lambda's default. `templateText` may be
 * in any format, but only JSON is parsed.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-loggingconfig.html
 */
export function logGroupOf(
  { logicalId, physicalId }: StackResource,
  templateText: string,
  resources: readonly StackResource[],
): string {
  const named = namedGroup(templateText, logicalId);
  const own = `/aws/lambda/${physicalId ?? logicalId}`;
  if (typeof named === "string") return named;
  if (typeof named !== "object" || named === null || !("Ref" in named)) return own;
  return resources.find((resource) => resource.logicalId === named.Ref)?.physicalId ?? own;
}

type Functions = Readonly<
  Record<string, { Properties?: { LoggingConfig?: { LogGroup?: unknown } } } | undefined>
>;

function namedGroup(templateText: string, logicalId: string): unknown {
  try {
    const { Resources } = JSON.parse(templateText) as { Resources?: Functions };
    return Resources?.[logicalId]?.Properties?.LoggingConfig?.LogGroup;
  } catch {
    return undefined; // YAML, in a stack that another tool created
  }
}
