import type { Trigger } from "../../loaded-definition.ts";
import type { Json } from "./origins.ts";
import { type Resource, textOf } from "./stack.ts";
import { isObject, listOf } from "./tree.ts";

/** Finds the function of an ARN, a name or a URI, and returns its key in the definition. */
export type FindFunction = (text: string) => string | undefined;

/** What invokes a function besides routes: streams, queues, topics, rules, schedules, pipes. */
export function readTriggers(
  resources: readonly Resource[],
  findFunction: FindFunction,
): readonly Trigger[] {
  /** The key of the resource that an ARN or URL names; else its last part. */
  const sourceOf = (text: string | undefined): string => {
    if (text === undefined) return "?";
    const meant = resources.find((resource) =>
      [resource.value("Arn"), resource.value("StreamArn"), resource.value()].includes(text),
    );
    return meant?.key ?? text.split(/[:/]/).at(-1) ?? text;
  };
  const triggers = resources.flatMap((resource) =>
    targetsOf(resource).flatMap(({ kind, from, target, ...more }): readonly Trigger[] => {
      const called = target === undefined ? undefined : findFunction(target);
      if (called === undefined) return [];
      const source = from === undefined ? resource.key : sourceOf(from);
      const { schedule, filters = [] } = more;
      return [
        {
          kind,
          from: source,
          function: called,
          ...(schedule !== undefined && { schedule }),
          ...(filters.length > 0 && { filters }),
        },
      ];
    }),
  );
  return merged(triggers);
}

/**
 * A bucket or queue may invoke a function through several filters: that is one trigger, unfiltered if one of
 * them is.
 */
function merged(triggers: readonly Trigger[]): readonly Trigger[] {
  const byWay = new Map<string, Trigger>();
  for (const { filters, ...trigger } of triggers) {
    const way = JSON.stringify(trigger);
    const known = byWay.get(way);
    const isFiltered = filters !== undefined && (known === undefined || known.filters);
    const all = isFiltered ? { filters: [...(known?.filters ?? []), ...filters] } : {};
    byWay.set(way, { ...trigger, ...all });
  }
  return [...byWay.values()];
}

type Target = {
  readonly kind: Trigger["kind"];
  /** Its source; undefined for the resource itself. */
  readonly from?: string | undefined;
  readonly target: string | undefined;
  readonly schedule?: string | undefined;
  /** Event filters, as JSON; an event must match one of them. */
  readonly filters?: readonly string[];
};

function targetsOf(resource: Resource): readonly Target[] {
  const { text, property } = resource;
  switch (resource.type) {
    case "AWS::Lambda::EventSourceMapping": {
      const from = text("EventSourceArn");
      const kind = from?.includes(":sqs:") ? "queue" : isStream(from) ? "stream" : "other";
      const filters = filtersIn(property("FilterCriteria"));
      return [{ kind, from, target: text("FunctionName"), filters }];
    }
    case "AWS::SNS::Subscription":
      return text("Protocol") === "lambda"
        ? [
            {
              kind: "topic",
              from: text("TopicArn"),
              target: text("Endpoint"),
              filters: asFilter(property("FilterPolicy")),
            },
          ]
        : [];
    case "AWS::SNS::Topic":
      return listOf(property("Subscription")).map((subscription) => ({
        kind: "topic",
        target: textOf(field(subscription, "Endpoint")),
      }));
    case "AWS::Events::Rule": {
      const schedule = text("ScheduleExpression");
      return listOf(property("Targets")).map((target) => ({
        kind: schedule === undefined ? "rule" : "schedule",
        target: textOf(field(target, "Arn")),
        schedule,
        filters: asFilter(property("EventPattern")),
      }));
    }
    case "AWS::Scheduler::Schedule":
      return [
        {
          kind: "schedule",
          target: textOf(field(property("Target"), "Arn")),
          schedule: text("ScheduleExpression"),
        },
      ];
    case "AWS::Pipes::Pipe": {
      const filters = filtersIn(field(property("SourceParameters"), "FilterCriteria"));
      return [{ kind: "pipe", from: text("Source"), target: text("Target"), filters }];
    }
    case "AWS::S3::Bucket":
      return listOf(field(property("NotificationConfiguration"), "LambdaConfigurations")).map(
        (configuration) => ({ kind: "other", target: textOf(field(configuration, "Function")) }),
      );
    default:
      return [];
  }
}

function filtersIn(criteria: Json | undefined): readonly string[] {
  return listOf(field(criteria, "Filters")).flatMap((filter) => asFilter(field(filter, "Pattern")));
}

/** Patterns are JSON, or JSON in a string. */
function asFilter(pattern: Json | undefined): readonly string[] {
  if (pattern === undefined) return [];
  return [typeof pattern === "string" ? pattern : JSON.stringify(pattern)];
}

function isStream(arn: string | undefined): boolean {
  return arn !== undefined && /:(dynamodb|kinesis):/.test(arn);
}

/** A property of a value, if it is an object. */
export function field(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) ? value[name] : undefined;
}
