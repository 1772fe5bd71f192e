import type {
  AccessLogDefinition,
  ExecutionLogDefinition,
  RouteExecutionLogDefinition,
} from "../../../definition/parts.ts";
import type { Json } from "./origins.ts";
import type { Report } from "./report.ts";
import { type Resource, textOf } from "./stack.ts";
import { isObject, objectOf } from "./tree.ts";

/** The access log of a stage; undefined if it has none. The definition's own checks validate its format. */
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

/** The execution log of a stage; undefined if nothing enables it. API Gateway ignores unknown levels. */
export function executionLogOf(stage: Resource): ExecutionLogDefinition | undefined {
  const settings = stage.property("RouteSettings");
  const own = Object.entries(objectOf(settings)).flatMap(([key, value]) => {
    const log = routeLog(value);
    return Object.keys(log).length === 0 ? [] : [[key, log] as const];
  });
  const shared = routeLog(stage.property("DefaultRouteSettings"));
  const isOn = [shared, ...own.map(([, log]) => log)].some(({ level = "OFF" }) => level !== "OFF");
  if (!isOn) return undefined;
  return { ...shared, ...(own.length > 0 && { routes: Object.fromEntries(own) }) };
}

function routeLog(settings: Json | undefined): RouteExecutionLogDefinition {
  if (!isObject(settings)) return {};
  const level = (["OFF", "ERROR", "INFO"] as const).find((each) => each === settings.LoggingLevel);
  const dataTrace = textOf(settings.DataTraceEnabled ?? null);
  return {
    ...(level !== undefined && { level }),
    ...(dataTrace !== undefined && { dataTrace: dataTrace === "true" }),
  };
}

/** Whether a stage has detailed metrics by route: a route cannot disable them, as captured. */
export function detailedMetricsOf(stage: Resource): boolean {
  const settings = stage.property("DefaultRouteSettings");
  return isObject(settings) && textOf(settings.DetailedMetricsEnabled ?? null) === "true";
}
