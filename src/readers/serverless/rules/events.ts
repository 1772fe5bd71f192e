import { didYouMean } from "../../../definition/faults.ts";
import { given } from "../../../values/given.ts";
import type { Json, JsonObject } from "../../cloudformation/rules/origins.ts";
import { isList, isObject, listOf, objectOf, oneOrMore } from "../../cloudformation/rules/tree.ts";
import { join, ref } from "../../cloudformation/rules/write-intrinsics.ts";
import { addHttpApi, addRestApi } from "./http.ts";
import { alphanumeric, functionId, normalized } from "./names.ts";
import { addWebSockets } from "./websockets.ts";
import { arnOf, permission, type ServiceEvent, textOr, type Written } from "./written.ts";

type Add = (written: Written, event: ServiceEvent) => void;

/** Events that create resources individually. */
const EACH: Readonly<Record<string, Add>> = {
  activemq: (written, event) => addMapping(written, event, "ActiveMQ"),
  cloudwatchEvent: addCloudWatchEvent,
  eventBridge: addEventBridge,
  kafka: (written, event) => addMapping(written, event, "Kafka"),
  msk: (written, event) => addMapping(written, event, "MSK"),
  rabbitmq: (written, event) => addMapping(written, event, "RabbitMQ"),
  s3: addBucket,
  schedule: addSchedule,
  sns: addTopic,
  sqs: addQueue,
  stream: addStream,
};

/** Events that together create one API. */
const TOGETHER: Readonly<
  Record<string, (written: Written, events: readonly ServiceEvent[]) => void>
> = {
  http: addRestApi,
  httpApi: addHttpApi,
  websocket: addWebSockets,
};

/** Events of Serverless without a role in the local project. */
const UNREAD = [
  "alb",
  "alexaSkill",
  "alexaSmartHome",
  "cloudFront",
  "cloudwatchLog",
  "cognitoUserPool",
  "iot",
  "iotFleetProvisioning",
];

const KINDS = [...Object.keys(EACH), ...Object.keys(TOGETHER), ...UNREAD];

/** Writes the resources of all functions' events. */
export function addEvents(written: Written): void {
  const events = Object.entries(written.service.functions).flatMap(([name, fn]) =>
    eventsOf(written, name, fn),
  );
  for (const [kind, add] of Object.entries(TOGETHER)) {
    add(
      written,
      events.filter((event) => event.kind === kind),
    );
  }
  for (const event of events) {
    const { kind, name } = event;
    if (Object.hasOwn(EACH, kind)) EACH[kind]?.(written, event);
    else if (UNREAD.includes(kind)) {
      const problem = `events ${kind} of the function ${name} are not delivered here. To run it: wsgw invoke ${functionId(name)} --event FILE.`;
      written.warn(problem, event);
    } else if (!KINDS.includes(kind)) {
      const near = didYouMean(kind, KINDS) ?? ". The function runs without it.";
      written.warn(`"${kind}" of the function ${name} is not an event of Serverless${near}`, event);
    }
  }
}

function eventsOf(written: Written, name: string, fn: JsonObject): readonly ServiceEvent[] {
  const { events } = fn;
  if (events !== undefined && events !== null && !isList(events)) {
    written.error(`the events of ${name} are not an array.`, { node: fn, key: "events" });
  }
  return listOf(events).flatMap((event, index): readonly ServiceEvent[] => {
    if (!isObject(event)) {
      const problem = `an event of ${name} is not an object, such as "websocket: $connect".`;
      written.error(problem, { node: events, key: String(index) });
      return [];
    }
    return Object.entries(event).map(([kind, value]) => ({
      node: event,
      key: kind,
      name,
      index,
      kind,
      value,
    }));
  });
}

function addQueue(written: Written, event: ServiceEvent): void {
  const arn = isObject(event.value) ? event.value.arn : event.value;
  if (arn === undefined) {
    lacks(written, event, "arn");
    return;
  }
  const id = `${normalized(event.name)}EventSourceMappingSQS${alphanumeric(nameIn(arn, ":"))}`;
  putMapping(written, event, id, openArn(written, "sqs", arn));
  const actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
  written.statements.push({ Effect: "Allow", Action: actions, Resource: [arn] });
}

function addStream(written: Written, event: ServiceEvent): void {
  const value = objectOf(event.value);
  const arn = isObject(event.value) ? value.arn : event.value;
  if (arn === undefined) {
    lacks(written, event, "arn");
    return;
  }
  const type = textOr(value.type, typeof arn === "string" ? (arn.split(":")[2] ?? "") : "dynamodb");
  const stream = typeof arn === "string" ? (arn.split("/")[1] ?? "") : nameIn(arn, "/");
  const id = `${normalized(event.name)}EventSourceMapping${normalized(type)}${alphanumeric(stream)}`;
  putMapping(written, event, id, openArn(written, type, arn));
  const actions = ["GetRecords", "GetShardIterator", "DescribeStream", "ListStreams"];
  written.statements.push({
    Effect: "Allow",
    Action: actions.map((action) => `${type}:${action}`),
    Resource: [arn],
  });
}

/** A placeholder ARN that identifies a queue or stream whose own is unknown here. */
function openArn({ service }: Written, type: string, arn: Json): Json {
  const isOpen = typeof arn === "string" && service.open.has(arn);
  return isOpen ? `arn:aws:${type}:::${arn.replaceAll(":", "/")}` : arn;
}

/** Message brokers, whose events have their own formats. */
function addMapping(written: Written, event: ServiceEvent, kind: string): void {
  const { arn, topic, queue } = objectOf(event.value);
  const from = `${arn === undefined ? "" : nameIn(arn, "/")}${textOr(topic ?? queue, "")}`;
  const id = `${normalized(event.name)}EventSourceMapping${kind}${alphanumeric(from)}`;
  putMapping(written, event, id, arn);
}

function putMapping(
  written: Written,
  event: ServiceEvent,
  id: string,
  arn: Json | undefined,
): void {
  const { filterPatterns, batchSize, enabled } = objectOf(event.value);
  const patterns = listOf(filterPatterns).map((pattern) => ({ Pattern: JSON.stringify(pattern) }));
  const properties = given({
    EventSourceArn: arn,
    FunctionName: arnOf(event.name),
    BatchSize: batchSize ?? 10,
    Enabled: enabled ?? true,
    FilterCriteria: patterns.length === 0 ? undefined : { Filters: patterns },
  });
  written.put(id, "AWS::Lambda::EventSourceMapping", properties, event);
}

function addTopic(written: Written, event: ServiceEvent): void {
  const { name } = event;
  const value = objectOf(event.value);
  const text = typeof event.value === "string" ? event.value : undefined;
  const arn = text?.startsWith("arn:") === true ? text : value.arn;
  const topic = textOr(value.topicName, typeof arn === "string" ? nameIn(arn, ":") : (text ?? ""));
  if (topic === "") {
    lacks(written, event, "topicName");
    return;
  }
  const endpoint = arnOf(name);
  const topicId = `SNSTopic${alphanumeric(topic)}`;
  const subscription = given({
    TopicArn: arn ?? ref(topicId),
    Protocol: "lambda",
    Endpoint: endpoint,
    FilterPolicy: value.filterPolicy,
  });
  if (arn === undefined) addOwnTopic(written, event, topicId, topic);
  if (arn !== undefined || value.filterPolicy !== undefined) {
    const id = `${normalized(name)}SnsSubscription${alphanumeric(topic)}`;
    written.put(id, "AWS::SNS::Subscription", subscription, event);
  }
  const source = ":sns:";
  const ownArn = join(
    "arn:",
    ref("AWS::Partition"),
    source,
    ref("AWS::Region"),
    ":",
    ref("AWS::AccountId"),
    ":",
    topic,
  );
  const allowed = { ...permission(endpoint, "sns.amazonaws.com"), SourceArn: arn ?? ownArn };
  const id = `${normalized(name)}LambdaPermission${alphanumeric(topic)}SNS`;
  written.put(id, "AWS::Lambda::Permission", allowed, event);
}

/** The service creates a topic that events name, once for all of them. */
function addOwnTopic(written: Written, event: ServiceEvent, id: string, topic: string): void {
  const known = objectOf(written.resources.get(id)?.Properties);
  const isFiltered = objectOf(event.value).filterPolicy !== undefined;
  const own = isFiltered ? [] : [{ Endpoint: arnOf(event.name), Protocol: "lambda" }];
  const subscriptions = [...listOf(known.Subscription), ...own];
  const properties = {
    TopicName: topic,
    ...(subscriptions.length > 0 && { Subscription: subscriptions }),
  };
  written.put(id, "AWS::SNS::Topic", properties, event);
}

function addSchedule(written: Written, event: ServiceEvent): void {
  const { name, value } = event;
  const settings = objectOf(value);
  const rates = isObject(value) ? oneOrMore(value.rate) : [value];
  const State = settings.enabled === false ? "DISABLED" : "ENABLED";
  for (const rate of rates) {
    const number = written.nextOf(`schedule of ${name}`);
    const target = { Arn: arnOf(name), Id: `${name}Schedule` };
    const shared = { ScheduleExpression: rate, State };
    if (settings.method === "scheduler") {
      const id = `${normalized(name)}SchedulerSchedule${number}`;
      const properties = {
        ...shared,
        Target: { Arn: arnOf(name) },
        FlexibleTimeWindow: { Mode: "OFF" },
      };
      written.put(id, "AWS::Scheduler::Schedule", properties, event);
      continue;
    }
    const id = `${normalized(name)}EventsRuleSchedule${number}`;
    written.put(id, "AWS::Events::Rule", { ...shared, Targets: [target] }, event);
  }
}

function addEventBridge(written: Written, event: ServiceEvent): void {
  const { pattern, schedule, enabled, eventBus, description } = objectOf(event.value);
  const name = `${written.nameOf(event.name)}-rule-${event.index + 1}`;
  const properties = given({
    Description: description,
    EventBusName: eventBus === "default" ? undefined : eventBus,
    EventPattern: pattern,
    ScheduleExpression: schedule,
    State: enabled === false ? "DISABLED" : "ENABLED",
    Targets: [{ Arn: arnOf(event.name), Id: `${event.name}Target` }],
  });
  const spot = isObject(event.value) ? { node: event.value } : event;
  written.put(`${alphanumeric(name)}EventBridgeRule`, "AWS::Events::Rule", properties, spot);
}

function addCloudWatchEvent(written: Written, event: ServiceEvent): void {
  const { event: pattern, enabled } = objectOf(event.value);
  const number = written.nextOf(`CloudWatch event of ${event.name}`);
  const properties = given({
    EventPattern: pattern,
    State: enabled === false ? "DISABLED" : "ENABLED",
    Targets: [{ Arn: arnOf(event.name), Id: `${event.name}CloudWatchEvent` }],
  });
  const id = `${normalized(event.name)}EventsRuleCloudWatchEvent${number}`;
  written.put(id, "AWS::Events::Rule", properties, event);
}

function addBucket(written: Written, event: ServiceEvent): void {
  const value = objectOf(event.value);
  const bucket = isObject(event.value) ? value.bucket : event.value;
  if (typeof bucket !== "string") return;
  const buckets = objectOf(written.service.provider.s3);
  const id = `S3Bucket${alphanumeric(bucket)}`;
  const known = objectOf(written.resources.get(id)?.Properties);
  const before = listOf(objectOf(known.NotificationConfiguration).LambdaConfigurations);
  const rules = listOf(value.rules).flatMap((rule) =>
    Object.entries(objectOf(rule)).map(([Name, Value]) => ({ Name, Value })),
  );
  const configuration = given({
    Event: value.event ?? "s3:ObjectCreated:*",
    Function: arnOf(event.name),
    Filter: rules.length === 0 ? undefined : { S3Key: { Rules: rules } },
  });
  const properties = {
    BucketName: textOr(objectOf(buckets[bucket]).name, bucket),
    NotificationConfiguration: { LambdaConfigurations: [...before, configuration] },
  };
  written.put(id, "AWS::S3::Bucket", properties, event);
}

/** The last part of a queue's or stream's ARN, or the resource it references. */
function nameIn(arn: Json, separator: string): string {
  if (typeof arn === "string") return arn.slice(arn.lastIndexOf(separator) + 1);
  const {
    Ref,
    "Fn::GetAtt": attribute,
    "Fn::ImportValue": imported,
    "Fn::Join": joined,
  } = objectOf(arn);
  const last = listOf(listOf(joined)[1]).at(-1);
  const named = listOf(attribute)[0] ?? Ref ?? imported ?? last;
  return typeof named === "string" ? named.slice(named.lastIndexOf(separator) + 1) : "";
}

function lacks(written: Written, event: ServiceEvent, word: string): void {
  written.error(`the event ${event.kind} of ${event.name} has no ${word}. Add it.`, event);
}
