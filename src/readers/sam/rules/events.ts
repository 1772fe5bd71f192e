import { didYouMean } from "../../../definition/faults.ts";
import type { Json, JsonObject } from "../../cloudformation/rules/origins.ts";
import { isObject, objectOf, oneOrMore } from "../../cloudformation/rules/tree.ts";
import { getAtt } from "../../cloudformation/rules/write-intrinsics.ts";
import { addApiEvent } from "./apis.ts";
import { type Grants, serviceRole } from "./created-role.ts";
import { add, type EventTarget, NO_GRANTS, type SamEvent } from "./event.ts";
import { addMapping, isMapping } from "./event-source-mappings.ts";
import { type Expansion, onlyIf, pick, type SamResource, word } from "./expansion.ts";
import { EVENT_PROPERTIES, type EventType } from "./vocabulary.ts";

/** Adds the resources of a function's events, and returns the permissions that its role needs. */
export function addEvents(expansion: Expansion, sam: SamResource, target: EventTarget): Grants {
  const grants = eventsOf(expansion, sam, target).map((event) => addEvent(expansion, event));
  return {
    managed: grants.flatMap(({ managed }) => managed),
    inline: grants.flatMap(({ inline }) => inline),
  };
}

/** The events of a function or state machine, checked; invalid ones are reported. */
export function eventsOf(
  expansion: Expansion,
  sam: SamResource,
  target: EventTarget,
): readonly SamEvent[] {
  const what = `${sam.type} ${JSON.stringify(sam.id)}`;
  const events = expansion.map(what, sam.properties, "Events");
  return Object.keys(events).flatMap((name) => {
    const event = expansion.map(what, events, name);
    const type = event.Type;
    if (!isEventType(type)) {
      expansion.error(`${what}: event ${JSON.stringify(name)} ${wrongType(type)}`, event, "Type");
      return [];
    }
    const properties = expansion.properties(what, event);
    if (sam.type === "Function") {
      const words = EVENT_PROPERTIES[type];
      expansion.checkWords(`${what}: ${type} event ${JSON.stringify(name)}`, properties, words);
    }
    return [{ sam, name, id: sam.id + name, type, properties, target }];
  });
}

function wrongType(type: Json | undefined): string {
  if (type === undefined) return 'needs the property "Type".';
  const meant = didYouMean(word(type), Object.keys(EVENT_PROPERTIES)) ?? ".";
  return `has the type ${JSON.stringify(type)}, which SAM does not know${meant}`;
}

function isEventType(type: Json | undefined): type is EventType {
  return typeof type === "string" && Object.hasOwn(EVENT_PROPERTIES, type);
}

function addEvent(expansion: Expansion, event: SamEvent): Grants {
  if (isMapping(event)) return addMapping(expansion, event);
  switch (event.type) {
    case "SNS":
      return addSubscription(expansion, event);
    case "Schedule":
    case "EventBridgeRule":
    case "CloudWatchEvent":
      addRule(expansion, event);
      break;
    case "ScheduleV2":
      addSchedule(expansion, event);
      break;
    case "S3":
      notify(expansion, event);
      break;
    case "Cognito":
      addTrigger(expansion, event);
      break;
    case "Api":
    case "HttpApi":
      addApiEvent(expansion, event);
      break;
    default:
      addOther(expansion, event);
  }
  return NO_GRANTS;
}

function addSubscription(expansion: Expansion, event: SamEvent): Grants {
  const { properties, target, id } = event;
  const subscription = {
    ...pick(properties, ["Region", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy"]),
    TopicArn: properties.Topic ?? "",
  };
  const queue = properties.SqsSubscription;
  if (queue === undefined || queue === false) {
    const made = { Protocol: "lambda", Endpoint: target.arn, ...subscription };
    add(expansion, event, "AWS::SNS::Subscription", made);
    return NO_GRANTS;
  }
  const given = objectOf(queue);
  const arn = given.QueueArn ?? getAtt(`${id}Queue`, "Arn");
  if (!isObject(queue))
    add(expansion, event, "AWS::SQS::Queue", fifoOf(expansion, properties), "Queue");
  const made = { Protocol: "sqs", Endpoint: arn, ...subscription };
  add(expansion, event, "AWS::SNS::Subscription", made);
  const mapping = { Queue: arn, BatchSize: given.BatchSize ?? 10, Enabled: true };
  return addMapping(expansion, {
    ...event,
    type: "SQS",
    id: `${id}EventSourceMapping`,
    properties: expansion.from(mapping, properties, { Queue: "SqsSubscription" }),
  });
}

/** A queue behind a FIFO topic is FIFO too. */
function fifoOf(expansion: Expansion, { Topic }: JsonObject): JsonObject {
  const topic = isObject(Topic) ? expansion.resources.get(word(Topic.Ref)) : undefined;
  const properties = topic?.Properties;
  const fifo = isObject(properties) ? properties.FifoTopic : undefined;
  return fifo === undefined || fifo === false ? {} : { FifoQueue: fifo };
}

function addRule(expansion: Expansion, event: SamEvent): void {
  const { properties, target, type, id } = event;
  const { Pattern, Schedule, RuleName, Enabled } = properties;
  const source: JsonObject =
    type === "Schedule"
      ? {
          ScheduleExpression: Schedule ?? "",
          ...pick(properties, ["Name"]),
        }
      : {
          ...pick(properties, ["EventBusName"]),
          ...(Pattern !== undefined && { EventPattern: Pattern }),
          ...(RuleName !== undefined && { Name: RuleName }),
        };
  const named = isObject(properties.Target) ? properties.Target.Id : undefined;
  const made = {
    ...source,
    ...pick(properties, ["Description", "State"]),
    ...(typeof Enabled === "boolean" && { State: Enabled ? "ENABLED" : "DISABLED" }),
    Targets: [
      {
        Arn: target.arn,
        Id: named ?? `${id}LambdaTarget`,
        ...pick(properties, ["Input", "InputPath", "RetryPolicy", "InputTransformer"]),
        ...deadLetterQueue(expansion, event),
      },
    ],
  };
  add(expansion, event, "AWS::Events::Rule", made);
}

/** The dead-letter queue of a rule or schedule; SAM creates one for `Type: SQS`. */
function deadLetterQueue(expansion: Expansion, event: SamEvent): JsonObject {
  const config = event.properties.DeadLetterConfig;
  if (!isObject(config)) return {};
  if (config.Arn !== undefined) return { DeadLetterConfig: { Arn: config.Arn } };
  const wanted = config.QueueLogicalId;
  const id = typeof wanted === "string" ? wanted : `${event.id}Queue`;
  add(expansion, { ...event, id }, "AWS::SQS::Queue", {});
  return { DeadLetterConfig: { Arn: getAtt(id, "Arn") } };
}

function addSchedule(expansion: Expansion, event: SamEvent): void {
  const { properties, target, id } = event;
  const taken =
    "ScheduleExpression State Description StartDate EndDate ScheduleExpressionTimezone GroupName KmsKeyArn";
  const role = properties.RoleArn;
  const made = {
    ...pick(properties, taken.split(" ")),
    FlexibleTimeWindow: properties.FlexibleTimeWindow ?? { Mode: "OFF" },
    ...(properties.OmitName === true ? {} : { Name: properties.Name ?? id }),
    Target: {
      Arn: target.arn,
      RoleArn: role ?? getAtt(`${id}Role`, "Arn"),
      ...pick(properties, ["Input", "RetryPolicy"]),
      ...deadLetterQueue(expansion, event),
    },
  };
  add(expansion, event, "AWS::Scheduler::Schedule", made);
  if (role !== undefined) return;
  const invoke = "lambda:InvokeFunction";
  const policy = `${id}LambdaPolicy`;
  const properties_ = serviceRole("scheduler.amazonaws.com", invoke, target.arn, policy);
  add(expansion, event, "AWS::IAM::Role", properties_, "Role");
}

/** Adds the function to the notifications of the template's bucket. */
function notify(expansion: Expansion, event: SamEvent): void {
  const { properties, target, sam } = event;
  const change = (bucket: JsonObject): JsonObject => {
    const config = isObject(bucket.NotificationConfiguration)
      ? bucket.NotificationConfiguration
      : {};
    const made = oneOrMore(properties.Events).map((name) =>
      onlyIf(sam.written.Condition, {
        Function: target.arn,
        Event: name,
        ...pick(properties, ["Filter"]),
      }),
    );
    const LambdaConfigurations = [...oneOrMore(config.LambdaConfigurations), ...made];
    return { ...bucket, NotificationConfiguration: { ...config, LambdaConfigurations } };
  };
  changeResource(expansion, event, "Bucket", change);
}

/** Adds the function to the triggers of the template's user pool. */
function addTrigger(expansion: Expansion, event: SamEvent): void {
  const triggers = oneOrMore(event.properties.Trigger).map((name) => [
    word(name),
    onlyIf(event.sam.written.Condition, event.target.arn as JsonObject),
  ]);
  changeResource(expansion, event, "UserPool", (pool) => {
    const config = objectOf(pool.LambdaConfig);
    return { ...pool, LambdaConfig: { ...config, ...Object.fromEntries(triggers) } };
  });
}

/** Changes the properties of the resource that an event's property references. */
function changeResource(
  expansion: Expansion,
  { sam, name, type, properties }: SamEvent,
  property: "Bucket" | "UserPool",
  change: (properties: JsonObject) => JsonObject,
): void {
  const reference = properties[property];
  const id = isObject(reference) ? reference.Ref : undefined;
  const resource = typeof id === "string" ? expansion.resources.get(id) : undefined;
  if (typeof id !== "string" || resource === undefined) {
    const what = `Function ${JSON.stringify(sam.id)}: ${type} event ${JSON.stringify(name)}`;
    const problem = `${what} must refer to a resource of this template, as in ${property}: !Ref My${property}.`;
    expansion.error(problem, properties, property);
    return;
  }
  const before = isObject(resource.Properties)
    ? resource.Properties
    : expansion.origins.inherit({}, resource);
  const after = expansion.from(change(before), before);
  expansion.resources.set(
    id,
    expansion.origins.inherit({ ...resource, Properties: after }, resource),
  );
}

/** Events that create one resource of which only the name is used here. */
function addOther(expansion: Expansion, event: SamEvent): void {
  const { properties, target } = event;
  if (event.type === "IoTRule") {
    const payload = {
      ...pick(properties, ["Sql", "AwsIotSqlVersion"]),
      RuleDisabled: false,
      Actions: [{ Lambda: { FunctionArn: target.arn } }],
    };
    add(expansion, event, "AWS::IoT::TopicRule", { TopicRulePayload: payload });
  }
  if (event.type === "CloudWatchLogs") {
    const made = {
      ...pick(properties, ["LogGroupName", "FilterPattern"]),
      DestinationArn: target.arn,
    };
    add(expansion, event, "AWS::Logs::SubscriptionFilter", made);
  }
  if (event.type === "AlexaSkill") {
    const { SkillId } = properties;
    const made = {
      Action: "lambda:InvokeFunction",
      FunctionName: target.invoked,
      Principal: "alexa-appkit.amazon.com",
      ...(SkillId !== undefined && { EventSourceToken: SkillId }),
    };
    add(expansion, event, "AWS::Lambda::Permission", made, "Permission");
  }
}
