import type { DefinitionSource, Trigger } from "../../loaded-definition.ts";
import type { Json } from "./origins.ts";
import type { Report } from "./report.ts";
import { type Resource, textOf } from "./stack.ts";
import { isObject, listOf } from "./tree.ts";
import { isWebSocketApi } from "./web-socket-apis.ts";

/** Finds the function that an ARN, a name or a URI means: its key in the definition. */
type FindFunction = (text: string) => string | undefined;

/** What leads to a function besides a route: streams, queues, topics, rules, schedules, pipes. */
export function readTriggers(
  resources: readonly Resource[],
  findFunction: FindFunction,
): readonly Trigger[] {
  /** The key of the resource that an ARN or URL means; else its last part. */
  const sourceOf = (text: string | undefined): string => {
    if (text === undefined) return "?";
    const meant = resources.find((resource) =>
      [resource.value("Arn"), resource.value("StreamArn"), resource.value()].includes(text),
    );
    return meant?.key ?? text.split(/[:/]/).at(-1) ?? text;
  };
  const triggers = resources.flatMap((resource) =>
    targetsOf(resource).flatMap(({ kind, from, target }): readonly Trigger[] => {
      const called = target === undefined ? undefined : findFunction(target);
      if (called === undefined) return [];
      return [{ kind, from: from === undefined ? resource.key : sourceOf(from), function: called }];
    }),
  );
  // a bucket or queue may lead to a function by several filters
  return [...new Map(triggers.map((each) => [JSON.stringify(each), each])).values()];
}

type Target = {
  readonly kind: Trigger["kind"];
  /** What it comes from; undefined for the resource itself. */
  readonly from?: string | undefined;
  readonly target: string | undefined;
};

function targetsOf(resource: Resource): readonly Target[] {
  const { text, property } = resource;
  switch (resource.type) {
    case "AWS::Lambda::EventSourceMapping": {
      const from = text("EventSourceArn");
      const kind = from?.includes(":sqs:") ? "queue" : isStream(from) ? "stream" : "other";
      return [{ kind, from, target: text("FunctionName") }];
    }
    case "AWS::SNS::Subscription":
      return text("Protocol") === "lambda"
        ? [{ kind: "topic", from: text("TopicArn"), target: text("Endpoint") }]
        : [];
    case "AWS::SNS::Topic":
      return listOf(property("Subscription")).map((subscription) => ({
        kind: "topic",
        target: textOf(field(subscription, "Endpoint")),
      }));
    case "AWS::Events::Rule": {
      const kind = text("ScheduleExpression") === undefined ? "rule" : "schedule";
      return listOf(property("Targets")).map((target) => ({
        kind,
        target: textOf(field(target, "Arn")),
      }));
    }
    case "AWS::Scheduler::Schedule":
      return [{ kind: "schedule", target: textOf(field(property("Target"), "Arn")) }];
    case "AWS::Pipes::Pipe":
      return [{ kind: "pipe", from: text("Source"), target: text("Target") }];
    case "AWS::S3::Bucket":
      return listOf(field(property("NotificationConfiguration"), "LambdaConfigurations")).map(
        (configuration) => ({ kind: "other", target: textOf(field(configuration, "Function")) }),
      );
    default:
      return [];
  }
}

function isStream(arn: string | undefined): boolean {
  return arn !== undefined && /:(dynamodb|kinesis):/.test(arn);
}

/** HTTP and REST APIs, with the functions that they lead to, and a warning for one that is described elsewhere. */
export function readHttpApis(
  resources: readonly Resource[],
  findFunction: FindFunction,
  report: Report,
): DefinitionSource["httpApis"] {
  return resources.flatMap((api) => {
    const isHttp = api.type === "AWS::ApiGatewayV2::Api" && !isWebSocketApi(api);
    if (!isHttp && api.type !== "AWS::ApiGateway::RestApi") return [];
    if (api.property("BodyS3Location") !== undefined) {
      const problem = `wsgw does not read the OpenAPI definition of ${api.key} and names no function of its routes.`;
      report({ severity: "warning", origin: api.origin("BodyS3Location"), problem });
    }
    const id = textOf(api.value());
    const own = resources.filter(({ text }) => text("ApiId") === id || text("RestApiId") === id);
    const texts = [
      ...own.map(({ text }) => text("IntegrationUri")),
      ...own.map(({ property }) => textOf(field(property("Integration"), "Uri"))),
      ...textsIn(api.property("Body")),
    ];
    const functions = texts.flatMap((each) => (each && findFunction(each)) ?? []);
    return functions.length === 0 ? [] : [{ name: api.key, functions: [...new Set(functions)] }];
  });
}

/** All texts in a value that could name a function. */
function textsIn(value: Json | undefined): readonly string[] {
  if (typeof value === "string") return value.includes(":function:") ? [value] : [];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

function field(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) ? value[name] : undefined;
}

/** What of a template has a part in what runs here, by the beginning of its type. */
const SERVED =
  /^AWS::(?:ApiGatewayV2|ApiGateway|Lambda|DynamoDB|Events|Scheduler|Pipes|SNS|SQS)::|^AWS::(?:IAM::|CloudFormation::Stack$)/;

/** How many resources of which services do nothing on this machine, in one sentence; undefined where there are none. */
export function leftAside(resources: readonly Resource[]): string | undefined {
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
  return `${total} ${total === 1 ? "resource is" : "resources are"} left aside: ${named}.`;
}
