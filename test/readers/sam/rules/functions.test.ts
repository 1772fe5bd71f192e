import { expect, test } from "vitest";
import { expanded } from "../expanded.ts";

const HEAD = "Transform: AWS::Serverless-2016-10-31\nResources:\n";
const ZIP = "Runtime: nodejs24.x\nHandler: app.handler";

/** All that is made of the function `It` with these properties. */
function madeOf(properties: string) {
  const text = `${HEAD}  It:\n    Type: AWS::Serverless::Function\n    Properties:\n`;
  return expanded(`${text}${properties.replaceAll(/^/gm, "      ")}\n`);
}

const managed = (name: string) => ({ "Fn::Sub": `arn:\${AWS::Partition}:iam::aws:policy/${name}` });
const BASIC = managed("service-role/AWSLambdaBasicExecutionRole");
const TAGS = [{ Key: "lambda:createdBy", Value: "SAM" }];

const inline = (PolicyName: string, Action: string, Resource: unknown) => ({
  PolicyName,
  PolicyDocument: {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action, Resource }],
  },
});

test("makes a function with all its properties, and a role with what they need", () => {
  const { resources, findings, path } = madeOf(`${ZIP}
CodeUri: s3://bucket/key
SourceKMSKeyArn: kms
Tracing: Active
DeadLetterQueue: { Type: SNS, TargetArn: topic }
CapacityProviderConfig: { Arn: provider, PerExecutionEnvironmentMaxConcurrency: 2 }
DurableConfig: { ExecutionTimeout: 1 }
VpcConfig: { SubnetIds: [ a ] }`);
  expect(findings).toEqual([]);
  expect(resources.It).toEqual({
    Type: "AWS::Lambda::Function",
    Properties: {
      Runtime: "nodejs24.x",
      Handler: "app.handler",
      DurableConfig: { ExecutionTimeout: 1 },
      VpcConfig: { SubnetIds: ["a"] },
      Code: { S3Bucket: "bucket", S3Key: "key", SourceKMSKeyArn: "kms" },
      Tags: TAGS,
      TracingConfig: { Mode: "Active" },
      DeadLetterConfig: { TargetArn: "topic" },
      CapacityProviderConfig: {
        LambdaManagedInstancesCapacityProviderConfig: {
          CapacityProviderArn: "provider",
          PerExecutionEnvironmentMaxConcurrency: 2,
        },
      },
      Role: { "Fn::GetAtt": ["ItRole", "Arn"] },
    },
  });
  expect(resources.ItRole).toEqual({
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Action: ["sts:AssumeRole"],
            Effect: "Allow",
            Principal: { Service: ["lambda.amazonaws.com"] },
          },
        ],
      },
      ManagedPolicyArns: [
        managed("service-role/AWSLambdaBasicDurableExecutionRolePolicy"),
        managed("AWSXrayWriteOnlyAccess"),
        managed("service-role/AWSLambdaVPCAccessExecutionRole"),
      ],
      Policies: [inline("DeadLetterQueuePolicy", "sns:Publish", "topic")],
      Tags: TAGS,
    },
  });
  expect(path("It", "TracingConfig")?.at(-1)).toBe("Tracing");
  expect(path("It", "DeadLetterConfig")?.at(-1)).toBe("DeadLetterQueue");
  expect(path("It", "Code")?.at(-1)).toBe("CodeUri");
});

test("makes of the least function its code at the template's directory and a basic role", () => {
  const { resources, findings } = madeOf(ZIP);
  expect(findings).toEqual([]);
  expect(Object.keys(resources)).toEqual(["It", "ItRole"]);
  expect(resources.It?.Properties).toEqual({
    Runtime: "nodejs24.x",
    Handler: "app.handler",
    Code: ".",
    Tags: TAGS,
    Role: { "Fn::GetAtt": ["ItRole", "Arn"] },
  });
  expect(resources.ItRole?.Properties).toMatchObject({ ManagedPolicyArns: [BASIC] });
  expect(resources.ItRole?.Properties).not.toHaveProperty("Policies");
});

test("sends to a dead letter queue by default, and traces nothing when tracing is disabled", () => {
  const { resources } = madeOf(
    `${ZIP}\nTracing: Disabled\nDeadLetterQueue: { Type: SQS, TargetArn: queue }`,
  );
  expect(resources.It?.Properties).not.toHaveProperty("TracingConfig");
  expect(resources.ItRole?.Properties).toMatchObject({
    ManagedPolicyArns: [BASIC],
    Policies: [inline("DeadLetterQueuePolicy", "sqs:SendMessage", "queue")],
  });
});

test("grants nothing for a dead letter queue without a target", () => {
  const { resources } = madeOf(`${ZIP}\nDeadLetterQueue: { Type: SQS }`);
  expect(resources.ItRole?.Properties).not.toHaveProperty("Policies");
});

test("keeps a capacity provider without an ARN", () => {
  const { propertiesOf } = madeOf(`${ZIP}\nCapacityProviderConfig: { Other: 1 }`);
  expect(propertiesOf("It").CapacityProviderConfig).toEqual({
    LambdaManagedInstancesCapacityProviderConfig: { Other: 1 },
  });
});

test("uses the role that a function names", () => {
  const { resources, propertiesOf } = madeOf(`${ZIP}\nRole: mine`);
  expect(Object.keys(resources)).toEqual(["It"]);
  expect(propertiesOf("It").Role).toBe("mine");
});

test.each([
  [`${ZIP}\nInlineCode: code`, { ZipFile: "code" }, "InlineCode"],
  ["PackageType: Image\nImageUri: image", { ImageUri: "image" }, "ImageUri"],
  ["PackageType: Image", { ImageUri: "" }, undefined],
  [`${ZIP}\nCodeUri: !Ref Code\nSourceKMSKeyArn: kms`, { Ref: "Code" }, "CodeUri"],
  [`${ZIP}\nCodeUri: src\nSourceKMSKeyArn: kms`, "src", "CodeUri"],
])("makes the code of %j", (properties, code, from) => {
  const { findings, propertiesOf, path } = madeOf(properties);
  expect(findings).toEqual([]);
  expect(propertiesOf("It").Code).toEqual(code);
  if (from !== undefined) expect(path("It", "Code")?.at(-1)).toBe(from);
});

test.each([
  [
    "PackageType: Image\nHandler: a",
    '7:7 error: Function "It": a function from an image cannot have Handler. Remove it.',
  ],
  [
    "PackageType: Image\nRuntime: a",
    '7:7 error: Function "It": a function from an image cannot have Runtime. Remove it.',
  ],
  [
    "PackageType: Image\nLayers: [ a ]",
    '7:7 error: Function "It": a function from an image cannot have Layers. Remove it.',
  ],
  [
    `${ZIP}\nCodeUri: { Bucket: a }`,
    '8:7 error: Function "It": CodeUri must be a path, an S3 URI, or an object with Bucket and Key.',
  ],
  ["Handler: a", '6:7 error: Function "It" has no Runtime. Add it here or in Globals.Function.'],
  ["Runtime: a", '6:7 error: Function "It" has no Handler. Add it here or in Globals.Function.'],
  ...["a.b", "12", "''"].map((alias) => [
    `${ZIP}\nAutoPublishAlias: ${alias}`.replace("12", "'12'"),
    '8:7 error: Function "It": AutoPublishAlias must have letters, digits, hyphens and underscores only, and not digits alone.',
  ]),
])("reports of %j where it is and what to do", (properties, expected) => {
  expect(madeOf(properties ?? "").findings).toEqual([expected]);
});

test("serves a function with invalid code from the template's directory", () => {
  expect(madeOf(`${ZIP}\nCodeUri: { Bucket: a }`).propertiesOf("It").Code).toBe(".");
});

test("publishes a version with an alias, which its URL invokes", () => {
  const { resources, findings, path } = madeOf(`${ZIP}
AutoPublishAlias: live-a_1
VersionDescription: what
VersionDeletionPolicy: Delete
ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 }
FunctionUrlConfig: { AuthType: NONE, Cors: { AllowOrigins: [ a ] }, InvokeMode: BUFFERED }
Events: { Tick: { Type: Schedule, Properties: { Schedule: rate(1 hour) } } }`);
  expect(findings).toEqual([]);
  expect(resources.ItVersion).toEqual({
    Type: "AWS::Lambda::Version",
    DeletionPolicy: "Delete",
    Properties: { FunctionName: { Ref: "It" }, Description: "what" },
  });
  expect(resources.ItAliasliveDaU1).toEqual({
    Type: "AWS::Lambda::Alias",
    Properties: {
      Name: "live-a_1",
      FunctionName: { Ref: "It" },
      FunctionVersion: { "Fn::GetAtt": ["ItVersion", "Version"] },
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 },
    },
  });
  expect(resources.ItUrl).toEqual({
    Type: "AWS::Lambda::Url",
    Properties: {
      TargetFunctionArn: { Ref: "ItAliasliveDaU1" },
      AuthType: "NONE",
      Cors: { AllowOrigins: ["a"] },
      InvokeMode: "BUFFERED",
    },
  });
  expect(path("ItVersion", "FunctionName")?.at(-1)).toBe("AutoPublishAlias");
  expect(path("ItVersion", "Description")?.at(-1)).toBe("VersionDescription");
  expect(path("ItAliasliveDaU1", "Name")?.at(-1)).toBe("AutoPublishAlias");
  expect(Object(resources.ItTick?.Properties).Targets).toMatchObject([
    { Arn: { Ref: "ItAliasliveDaU1" } },
  ]);
});

test("keeps versions by default, and names an alias after its parameter", () => {
  const { resources } = madeOf(
    `${ZIP}\nAutoPublishAlias: !Ref "Live.It"\nEventInvokeConfig: { MaximumRetryAttempts: 1 }`,
  );
  expect(resources.ItVersion).toEqual({
    Type: "AWS::Lambda::Version",
    DeletionPolicy: "Retain",
    Properties: { FunctionName: { Ref: "It" } },
  });
  expect(Object(resources.ItAliasLiveIt?.Properties).Name).toEqual({ Ref: "Live.It" });
  expect(Object(resources.ItEventInvokeConfig?.Properties).Qualifier).toEqual({ Ref: "Live.It" });
});

test("invokes a function without an alias by its ARN", () => {
  const { resources } = madeOf(
    `${ZIP}\nAutoPublishAlias: !Sub a\nFunctionUrlConfig: {}\nEvents: { Get: { Type: HttpApi }, Tick: { Type: Schedule, Properties: { Schedule: rate(1 hour) } } }`,
  );
  expect(resources.ItUrl?.Properties).toEqual({ TargetFunctionArn: { Ref: "It" } });
  expect(Object(resources.ItTick?.Properties).Targets).toMatchObject([
    { Arn: { "Fn::GetAtt": ["It", "Arn"] } },
  ]);
  expect(JSON.stringify(resources.ServerlessHttpApi)).toContain("functions/${It.Arn}/invocations");
});

test("makes references to a version and an alias references to what is made", () => {
  const { template } = expanded(`${HEAD}  It:
    Type: AWS::Serverless::Function
    Properties: { Runtime: a, Handler: b, AutoPublishAlias: live }
Outputs:
  A: { Value: !Ref It.Version }
  B: { Value: !Ref It.Alias }
`);
  expect(template.Outputs).toEqual({
    A: { Value: { Ref: "ItVersion" } },
    B: { Value: { Ref: "ItAliaslive" } },
  });
});

test.each([
  ["SQS", "a", {}, "sqs:SendMessage", "a"],
  ["SNS", "a", {}, "sns:publish", "a"],
  ["EventBridge", "a", {}, "events:PutEvents", "a"],
  ["Lambda", "a", {}, "lambda:InvokeFunction", "a"],
  ["S3Bucket", "a", {}, "s3:PutObject", "a"],
  [
    "SQS",
    undefined,
    { ItEventInvokeConfigOnFailureQueue: { Type: "AWS::SQS::Queue", Properties: {} } },
    "sqs:SendMessage",
    { "Fn::GetAtt": ["ItEventInvokeConfigOnFailureQueue", "Arn"] },
  ],
  [
    "SNS",
    undefined,
    { ItEventInvokeConfigOnFailureTopic: { Type: "AWS::SNS::Topic", Properties: {} } },
    "sns:publish",
    { Ref: "ItEventInvokeConfigOnFailureTopic" },
  ],
])("sends failures to the %s %s", (type, arn, made, action, target) => {
  const destination = arn === undefined ? "" : `, Destination: ${arn}`;
  const { resources } = madeOf(
    `${ZIP}\nEventInvokeConfig: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 1, DestinationConfig: { OnFailure: { Type: ${type}${destination} } } }`,
  );
  const { It: _, ItRole: role, ItEventInvokeConfig: config, ...others } = resources;
  expect(others).toEqual(made);
  expect(config).toEqual({
    Type: "AWS::Lambda::EventInvokeConfig",
    Properties: {
      FunctionName: { Ref: "It" },
      Qualifier: "$LATEST",
      MaximumEventAgeInSeconds: 60,
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: target } },
    },
  });
  expect(Object(role?.Properties).Policies).toEqual([
    inline(`ItEventInvokeConfigOnFailure${type}Policy`, action, target),
  ]);
});

test.each([
  "{ OnSuccess: SQS }",
  "{ OnSuccess: { Type: Lambda } }",
  "{ Other: { Type: SQS } }",
  "none",
])("sends nothing to the destinations %s", (destinations) => {
  const { resources } = madeOf(`${ZIP}\nEventInvokeConfig: { DestinationConfig: ${destinations} }`);
  expect(Object.keys(resources)).toEqual(["It", "ItEventInvokeConfig", "ItRole"]);
  expect(Object(resources.ItEventInvokeConfig?.Properties).DestinationConfig).toEqual({});
  expect(resources.ItRole?.Properties).not.toHaveProperty("Policies");
});

test("sends successes to their destination", () => {
  const { propertiesOf } = madeOf(
    `${ZIP}\nEventInvokeConfig: { DestinationConfig: { OnSuccess: { Type: SQS, Destination: a } } }`,
  );
  expect(propertiesOf("ItEventInvokeConfig").DestinationConfig).toEqual({
    OnSuccess: { Destination: "a" },
  });
});
