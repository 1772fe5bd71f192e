import type { Json, JsonObject } from "../../cloudformation/rules/origins.ts";
import { isObject } from "../../cloudformation/rules/tree.ts";
import { type Grants, inlinePolicy, managedPolicy } from "./created-role.ts";
import { NO_GRANTS, type SamEvent } from "./event.ts";
import { type Expansion, pick, word } from "./expansion.ts";
import { type EventType, MAPPING_PROPERTIES } from "./vocabulary.ts";

/** Events that Lambda polls: the property with their source, and the policy for reading it. */
const SOURCES: {
  readonly [type in EventType]?: readonly [source: string | undefined, policy?: string];
} = {
  SQS: ["Queue", "AWSLambdaSQSQueueExecutionRole"],
  Kinesis: ["Stream", "AWSLambdaKinesisExecutionRole"],
  DynamoDB: ["Stream", "AWSLambdaDynamoDBExecutionRole"],
  MSK: ["Stream", "AWSLambdaMSKExecutionRole"],
  MQ: ["Broker"],
  SelfManagedKafka: [undefined],
  DocumentDB: ["Cluster"],
};

export function isMapping({ type }: SamEvent): boolean {
  return SOURCES[type] !== undefined;
}

/** Adds the event source mapping of an event, and returns the permissions for reading the source. */
export function addMapping(expansion: Expansion, event: SamEvent): Grants {
  const { type, properties, target } = event;
  const [source, policy] = SOURCES[type] ?? [];
  const { DestinationConfig, ...taken } = pick(properties, MAPPING_PROPERTIES.split(" "));
  const failures = isObject(DestinationConfig) ? DestinationConfig.OnFailure : undefined;
  const made = {
    FunctionName: target.invoked,
    ...(source === undefined ? {} : { EventSourceArn: properties[source] ?? "" }),
    ...taken,
    ...(DestinationConfig === undefined
      ? {}
      : { DestinationConfig: withoutType(DestinationConfig, failures) }),
    ...kafka(type, properties),
    ...(type === "DocumentDB" ? { DocumentDBEventSourceConfig: collection(properties) } : {}),
  };
  const renamed = { EventSourceArn: source ?? "Topics" };
  const mapping = expansion.from(made, properties, renamed);
  expansion.beside(event.sam, event.id, "AWS::Lambda::EventSourceMapping", mapping);
  const grants =
    policy === undefined ? NO_GRANTS : { managed: [managedPolicy(policy)], inline: [] };
  return { ...grants, inline: failurePolicy(event.id, failures) };
}

/** `Type` is for SAM only: it determines the permission to send there. */
function withoutType(config: Json, failures: Json | undefined): Json {
  if (!isObject(config) || !isObject(failures)) return config;
  const { Type: _, ...others } = failures;
  return { ...config, OnFailure: others };
}

const FAILURE_ACTIONS = new Map([
  ["SQS", "sqs:SendMessage"],
  ["SNS", "sns:Publish"],
  ["S3", "s3:PutObject"],
]);

function failurePolicy(id: string, failures: Json | undefined): readonly Json[] {
  if (!isObject(failures)) return [];
  const type = word(failures.Type);
  const action = FAILURE_ACTIONS.get(type);
  const destination = failures.Destination;
  if (action === undefined || destination === undefined) return [];
  return [inlinePolicy(`${id}${type}Policy`, action, destination)];
}

function kafka(type: EventType, properties: JsonObject): JsonObject {
  const config = pick(properties, ["ConsumerGroupId", "SchemaRegistryConfig"]);
  const servers = pick(properties, ["KafkaBootstrapServers"]);
  const hasConfig = Object.keys(config).length > 0;
  if (type === "MSK") return hasConfig ? { AmazonManagedKafkaEventSourceConfig: config } : {};
  if (type !== "SelfManagedKafka") return {};
  return {
    SelfManagedEventSource: { Endpoints: servers },
    ...(hasConfig ? { SelfManagedKafkaEventSourceConfig: config } : {}),
  };
}

function collection(properties: JsonObject): JsonObject {
  return pick(properties, ["DatabaseName", "CollectionName", "FullDocument"]);
}
