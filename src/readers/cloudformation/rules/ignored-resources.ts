import type { Resource } from "./stack.ts";

/** Resource types that take part in what runs here, by prefix. */
const SERVED =
  /^AWS::(?:ApiGatewayV2|ApiGateway|Lambda|DynamoDB|Events|Scheduler|Pipes|SNS|SQS)::|^AWS::(?:IAM::|CloudFormation::Stack$)/;

/**
 * One sentence with the number of resources by service that have no effect on this machine; undefined if all
 * have one.
 */
export function ignoredResources(resources: readonly Resource[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { type } of resources) {
    if (SERVED.test(type)) continue;
    const service = /^AWS::([^:]+)::/.exec(type)?.[1] ?? type.split("::")[0] ?? type;
    counts.set(service, (counts.get(service) ?? 0) + 1);
  }
  if (counts.size === 0) return undefined;
  const all = [...counts].sort(([, one], [, other]) => other - one);
  const named = all.map(([service, count]) => `${count} of ${service}`).join(", ");
  const total = all.reduce((sum, [, count]) => sum + count, 0);
  return `${total} ${total === 1 ? "resource is" : "resources are"} ignored: ${named}.`;
}
