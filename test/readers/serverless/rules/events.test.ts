import { expect, test } from "vitest";
import type { Json } from "../../../../src/readers/cloudformation/rules/origins.ts";
import { addEvents } from "../../../../src/readers/serverless/rules/events.ts";
import type { Service } from "../../../../src/readers/serverless/rules/written.ts";
import { arn, writtenBy } from "./written.ts";

const DOOR = arn("DoorLambdaFunction");

const events = (list: Json, more: Partial<Service> = {}) =>
  writtenBy(addEvents, { functions: { door: { events: list } }, ...more });

const mapping = (source: Json, more: Readonly<Record<string, Json>> = {}) => ({
  Type: "AWS::Lambda::EventSourceMapping",
  Properties: {
    EventSourceArn: source,
    FunctionName: DOOR,
    BatchSize: 10,
    Enabled: true,
    ...more,
  },
});

const QUEUE = "arn:aws:sqs:us-east-1:1:my-jobs";
const SQS = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

test.each<[string, Json, string, Json]>([
  ["its ARN", QUEUE, "DoorEventSourceMappingSQSMyjobs", QUEUE],
  ["an object", { arn: QUEUE }, "DoorEventSourceMappingSQSMyjobs", QUEUE],
  ["GetAtt", { arn: arn("Jobs") }, "DoorEventSourceMappingSQSJobs", arn("Jobs")],
  ["Ref", { arn: { Ref: "jobs" } }, "DoorEventSourceMappingSQSJobs", { Ref: "jobs" }],
  [
    "an import",
    { arn: { "Fn::ImportValue": "chat:jobs" } },
    "DoorEventSourceMappingSQSJobs",
    { "Fn::ImportValue": "chat:jobs" },
  ],
  [
    "Join",
    { arn: { "Fn::Join": [":", ["arn", "own-jobs"]] } },
    "DoorEventSourceMappingSQSOwnjobs",
    { "Fn::Join": [":", ["arn", "own-jobs"]] },
  ],
  [
    "an unknown function",
    { arn: { "Fn::Sub": "a" } },
    "DoorEventSourceMappingSQS",
    { "Fn::Sub": "a" },
  ],
])("a queue named by %s is a mapping with its permissions", (_, sqs, id, source) => {
  const { resources, statements, reported } = events([{ sqs }]);

  expect(resources).toEqual({ [id]: mapping(source) });
  expect(statements).toEqual([{ Effect: "Allow", Action: SQS, Resource: [source] }]);
  expect(reported).toEqual([]);
});

test("a mapping has the size of its batches, its filters, and whether it is on", () => {
  const filterPatterns = [{ body: { kind: ["a"] } }, {}];
  const sqs = { arn: QUEUE, batchSize: 1, enabled: false, filterPatterns };
  const more = {
    BatchSize: 1,
    Enabled: false,
    FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["a"]}}' }, { Pattern: "{}" }] },
  };

  expect(events([{ sqs }]).resources).toEqual({
    DoorEventSourceMappingSQSMyjobs: mapping(QUEUE, more),
  });
});

const TABLE = "arn:aws:dynamodb:us-east-1:1:table/my-rooms/stream/1";
const SAID = "arn:aws:kinesis:us-east-1:1:stream/said";

test.each<[string, Json, string, string, Json]>([
  ["a table", TABLE, "dynamodb", "DoorEventSourceMappingDynamodbMyrooms", TABLE],
  ["Kinesis", { arn: SAID }, "kinesis", "DoorEventSourceMappingKinesisSaid", SAID],
  [
    "a type",
    { type: "kinesis", arn: arn("Said") },
    "kinesis",
    "DoorEventSourceMappingKinesisSaid",
    arn("Said"),
  ],
  [
    "no type",
    { arn: arn("Rooms") },
    "dynamodb",
    "DoorEventSourceMappingDynamodbRooms",
    arn("Rooms"),
  ],
])("a stream of %s is a mapping with its permissions", (_, stream, type, id, source) => {
  const { resources, statements } = events([{ stream }]);
  const actions = ["GetRecords", "GetShardIterator", "DescribeStream", "ListStreams"];

  expect(resources).toEqual({ [id]: mapping(source) });
  expect(statements).toEqual([
    { Effect: "Allow", Action: actions.map((each) => `${type}:${each}`), Resource: [source] },
  ]);
});

test("a stream whose ARN has no parts is one without a type", () => {
  expect(events([{ stream: "rooms" }]).resources).toEqual({
    DoorEventSourceMapping: mapping("rooms"),
  });
});

test("sources whose names are unknown here have an ARN that tells them apart", () => {
  const open = new Set(["wsgw:a:b"]);

  expect(Object.values(events([{ sqs: "wsgw:a:b" }], { open }).resources)).toEqual([
    mapping("arn:aws:sqs:::wsgw/a/b"),
  ]);
  expect(Object.values(events([{ sqs: "wsgw:a:c" }], { open }).resources)).toEqual([
    mapping("wsgw:a:c"),
  ]);
  expect(
    Object.values(events([{ stream: { type: "kinesis", arn: "wsgw:a:b" } }], { open }).resources),
  ).toEqual([mapping("arn:aws:kinesis:::wsgw/a/b")]);
});

const BROKER = "arn:aws:mq:us-east-1:1:broker/own-broker";

test.each<[string, Json, string]>([
  ["activemq", { arn: BROKER, queue: "my-jobs" }, "ActiveMQOwnbrokermyjobs"],
  ["rabbitmq", { arn: BROKER, queue: "my-jobs" }, "RabbitMQOwnbrokermyjobs"],
  ["msk", { arn: BROKER, topic: "my-news" }, "MSKOwnbrokermynews"],
])("%s is a mapping named after broker and queue or topic", (kind, value, name) => {
  expect(events([{ [kind]: value }]).resources).toEqual({
    [`DoorEventSourceMapping${name}`]: mapping(BROKER),
  });
});

test("kafka outside of AWS is a mapping without an ARN", () => {
  const { resources } = events([{ kafka: { topic: "my-news", queue: "other" } }]);
  const { EventSourceArn: _, ...Properties } = mapping("").Properties;

  expect(resources).toEqual({
    DoorEventSourceMappingKafkaMynews: { Type: "AWS::Lambda::EventSourceMapping", Properties },
  });
  expect(events([{ kafka: {} }]).resources).toHaveProperty("DoorEventSourceMappingKafka");
});

const allowed = (source: Json) => ({
  Type: "AWS::Lambda::Permission",
  Properties: {
    FunctionName: DOOR,
    Action: "lambda:InvokeFunction",
    Principal: "sns.amazonaws.com",
    SourceArn: source,
  },
});
const OWN_TOPIC: Json = {
  "Fn::Join": [
    "",
    [
      "arn:",
      { Ref: "AWS::Partition" },
      ":sns:",
      { Ref: "AWS::Region" },
      ":",
      { Ref: "AWS::AccountId" },
      ":",
      "my-news",
    ],
  ],
};

test.each<[Json]>([["my-news"], [{ topicName: "my-news" }]])(
  "the topic %j is created with the function as its subscriber",
  (sns) => {
    expect(events([{ sns }]).resources).toEqual({
      SNSTopicMynews: {
        Type: "AWS::SNS::Topic",
        Properties: {
          TopicName: "my-news",
          Subscription: [{ Endpoint: DOOR, Protocol: "lambda" }],
        },
      },
      DoorLambdaPermissionMynewsSNS: allowed(OWN_TOPIC),
    });
  },
);

test("functions of one topic share it", () => {
  const { resources } = events([], {
    functions: { door: { events: [{ sns: "news" }] }, hall: { events: [{ sns: "news" }] } },
  });

  expect(resources.SNSTopicNews).toEqual({
    Type: "AWS::SNS::Topic",
    Properties: {
      TopicName: "news",
      Subscription: [
        { Endpoint: DOOR, Protocol: "lambda" },
        { Endpoint: arn("HallLambdaFunction"), Protocol: "lambda" },
      ],
    },
  });
});

test("a filtered subscription to a new topic is a resource of its own", () => {
  const filterPolicy = { kind: ["a"] };

  expect(events([{ sns: { topicName: "my-news", filterPolicy } }]).resources).toEqual({
    SNSTopicMynews: { Type: "AWS::SNS::Topic", Properties: { TopicName: "my-news" } },
    DoorSnsSubscriptionMynews: {
      Type: "AWS::SNS::Subscription",
      Properties: {
        TopicArn: { Ref: "SNSTopicMynews" },
        Protocol: "lambda",
        Endpoint: DOOR,
        FilterPolicy: filterPolicy,
      },
    },
    DoorLambdaPermissionMynewsSNS: allowed(OWN_TOPIC),
  });
});

const TOPIC = "arn:aws:sns:us-east-1:1:my-news";

test.each<[Json, Json]>([
  [TOPIC, TOPIC],
  [{ arn: TOPIC }, TOPIC],
  [{ arn: { Ref: "Topic" }, topicName: "my-news" }, { Ref: "Topic" }],
])("the topic %j is only subscribed to", (sns, source) => {
  expect(events([{ sns }]).resources).toEqual({
    DoorSnsSubscriptionMynews: {
      Type: "AWS::SNS::Subscription",
      Properties: { TopicArn: source, Protocol: "lambda", Endpoint: DOOR },
    },
    DoorLambdaPermissionMynewsSNS: allowed(source),
  });
});

test("schedules are rules in the order of the function, those of the scheduler too", () => {
  const list: Json = [
    { schedule: "rate(1 minute)" },
    { schedule: { rate: ["cron(0 1 * * ? *)", "cron(0 2 * * ? *)"], enabled: false } },
    { schedule: { rate: "rate(2 minutes)", method: "scheduler", enabled: true } },
    { schedule: {} },
  ];
  const rule = (ScheduleExpression: string, State: string) => ({
    Type: "AWS::Events::Rule",
    Properties: { ScheduleExpression, State, Targets: [{ Arn: DOOR, Id: "doorSchedule" }] },
  });

  expect(events(list).resources).toEqual({
    DoorEventsRuleSchedule1: rule("rate(1 minute)", "ENABLED"),
    DoorEventsRuleSchedule2: rule("cron(0 1 * * ? *)", "DISABLED"),
    DoorEventsRuleSchedule3: rule("cron(0 2 * * ? *)", "DISABLED"),
    DoorSchedulerSchedule4: {
      Type: "AWS::Scheduler::Schedule",
      Properties: {
        ScheduleExpression: "rate(2 minutes)",
        State: "ENABLED",
        Target: { Arn: DOOR },
        FlexibleTimeWindow: { Mode: "OFF" },
      },
    },
  });
});

test("rules of EventBridge are named after the function and the number of the event", () => {
  const eventBridge = {
    pattern: { source: ["chat"] },
    schedule: "rate(1 day)",
    eventBus: "own",
    description: "Daily",
    enabled: false,
  };
  const { resources, pathOf } = events([{ eventBridge }, { eventBridge: { eventBus: "default" } }]);
  const Targets = [{ Arn: DOOR, Id: "doorTarget" }];

  expect(resources).toEqual({
    Chatdevdoorrule1EventBridgeRule: {
      Type: "AWS::Events::Rule",
      Properties: {
        Description: "Daily",
        EventBusName: "own",
        EventPattern: { source: ["chat"] },
        ScheduleExpression: "rate(1 day)",
        State: "DISABLED",
        Targets,
      },
    },
    Chatdevdoorrule2EventBridgeRule: {
      Type: "AWS::Events::Rule",
      Properties: { State: "ENABLED", Targets },
    },
  });
  expect(pathOf("Chatdevdoorrule1EventBridgeRule")).toBe("functions.door.events.0.eventBridge");
});

test("events of CloudWatch are rules, counted by function", () => {
  const list: Json = [
    { cloudwatchEvent: { event: { source: ["chat"] } } },
    { cloudwatchEvent: { enabled: false } },
  ];
  const Targets = [{ Arn: DOOR, Id: "doorCloudWatchEvent" }];

  expect(events(list).resources).toEqual({
    DoorEventsRuleCloudWatchEvent1: {
      Type: "AWS::Events::Rule",
      Properties: { EventPattern: { source: ["chat"] }, State: "ENABLED", Targets },
    },
    DoorEventsRuleCloudWatchEvent2: {
      Type: "AWS::Events::Rule",
      Properties: { State: "DISABLED", Targets },
    },
  });
});

test("a bucket notifies all functions with an event of it", () => {
  const rules = [{ prefix: "in/" }, { suffix: ".txt" }];
  const list: Json = [
    { s3: "my-files" },
    { s3: { bucket: "my-files", event: "s3:ObjectRemoved:*", rules } },
    { s3: { bucket: "other" } },
    { s3: { bucket: { Ref: "Bucket" } } },
  ];
  const provider = { s3: { other: { name: "other-name" } } };

  expect(events(list, { provider }).resources).toEqual({
    S3BucketMyfiles: {
      Type: "AWS::S3::Bucket",
      Properties: {
        BucketName: "my-files",
        NotificationConfiguration: {
          LambdaConfigurations: [
            { Event: "s3:ObjectCreated:*", Function: DOOR },
            {
              Event: "s3:ObjectRemoved:*",
              Function: DOOR,
              Filter: {
                S3Key: {
                  Rules: [
                    { Name: "prefix", Value: "in/" },
                    { Name: "suffix", Value: ".txt" },
                  ],
                },
              },
            },
          ],
        },
      },
    },
    S3BucketOther: {
      Type: "AWS::S3::Bucket",
      Properties: {
        BucketName: "other-name",
        NotificationConfiguration: {
          LambdaConfigurations: [{ Event: "s3:ObjectCreated:*", Function: DOOR }],
        },
      },
    },
  });
});

test.each<[Json, string]>([
  [[{ sqs: {} }], "error functions.door.events.0.sqs: the event sqs of door has no arn. Add it."],
  [
    [{ stream: { type: "kinesis" } }],
    "error functions.door.events.0.stream: the event stream of door has no arn. Add it.",
  ],
  [
    [{ sns: {} }],
    "error functions.door.events.0.sns: the event sns of door has no topicName. Add it.",
  ],
  ["none", "error functions.door.events: the events of door are not an array."],
  [
    ["websocket"],
    'error functions.door.events.0: an event of door is not an object, such as "websocket: $connect".',
  ],
  [
    [{ sqss: "a" }],
    'warning functions.door.events.0.sqss: "sqss" of the function door is not an event of Serverless. Did you mean "sqs"?',
  ],
  [
    [{ somethingElse: "a" }],
    'warning functions.door.events.0.somethingElse: "somethingElse" of the function door is not an event of Serverless. The function runs without it.',
  ],
  [
    [{ toString: "a" }],
    'warning functions.door.events.0.toString: "toString" of the function door is not an event of Serverless. The function runs without it.',
  ],
  ...[
    "alb",
    "alexaSkill",
    "alexaSmartHome",
    "cloudFront",
    "cloudwatchLog",
    "cognitoUserPool",
    "iot",
    "iotFleetProvisioning",
  ].map((kind): [Json, string] => [
    [{ [kind]: "a" }],
    `warning functions.door.events.0.${kind}: events ${kind} of the function door are not delivered here. To run it: wsgw invoke DoorLambdaFunction --event FILE.`,
  ]),
])("the events %j are reported and write nothing", (list, report) => {
  const { resources, statements, reported } = events(list);

  expect(reported).toEqual([report]);
  expect(resources).toEqual({});
  expect(statements).toEqual([]);
});

test("resources are counted for each function and kind", () => {
  const list: Json = [{ schedule: "rate(1 minute)" }, { cloudwatchEvent: {} }];
  const { resources } = events([], {
    functions: { door: { events: list }, hall: { events: list } },
  });

  expect(Object.keys(resources)).toEqual([
    "DoorEventsRuleSchedule1",
    "DoorEventsRuleCloudWatchEvent1",
    "HallEventsRuleSchedule1",
    "HallEventsRuleCloudWatchEvent1",
  ]);
});

test("a function without events writes nothing", () => {
  const { resources, reported } = events(null);

  expect([resources, reported]).toEqual([{}, []]);
});
