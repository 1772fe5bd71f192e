import type { AccessLogDefinition } from "../../../definition/parts.ts";
import type { Report } from "./report.ts";
import { type Resource, textOf } from "./stack.ts";
import { isObject } from "./tree.ts";

/** The access log of a stage; undefined where it has none. Its format is judged by the definition's own checks. */
export function accessLogOf(stage: Resource, report: Report): AccessLogDefinition | undefined {
  const settings = stage.property("AccessLogSettings");
  if (!isObject(settings)) return undefined;
  const destination = textOf(settings.DestinationArn);
  if (destination !== undefined && !destination.startsWith("arn:")) {
    const problem = `Invalid ARN specified in the request. ARNs must start with 'arn:': ${destination}`;
    report({ severity: "error", origin: stage.origin("AccessLogSettings"), problem });
  }
  const format = textOf(settings.Format);
  return format === undefined ? undefined : { format };
}
