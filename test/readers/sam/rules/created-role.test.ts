import { expect, test } from "vitest";
import { expanded } from "../expanded.ts";

const HEAD = "Transform: AWS::Serverless-2016-10-31\nResources:\n";

/** What is made of a function with these properties. */
function madeOf(properties: string) {
  const { template, resources, findings, path } = expanded(`${HEAD}  It:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: app.handler
${properties.replaceAll(/^/gm, "      ")}
`);
  const role = Object(resources.ItRole?.Properties);
  return { template, resources, role, findings, path };
}

const managed = (name: string) => ({ "Fn::Sub": `arn:\${AWS::Partition}:iam::aws:policy/${name}` });
const BASIC = managed("service-role/AWSLambdaBasicExecutionRole");
const DOCUMENT = { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "*" }] };
const DOCUMENT_YAML = '{ Version: "2012-10-17", Statement: [ { Effect: Deny, Action: "*" } ] }';
const policy = (PolicyDocument: unknown, at = 0) => ({
  PolicyName: `ItRolePolicy${at}`,
  PolicyDocument,
});
const allow = (Action: string | readonly string[], Resource: unknown, more = {}) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource, ...more }],
});
const trust = (service: string) => ({
  Version: "2012-10-17",
  Statement: [{ Action: ["sts:AssumeRole"], Effect: "Allow", Principal: { Service: [service] } }],
});
const DYNAMODB = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:";

test("makes a role with managed policies once each, and documents in their order", () => {
  const { role, resources, findings, path } = madeOf(`Policies:
  - AWSLambdaBasicExecutionRole
  - AWSLambdaRole
  - XAWSLambdaRole
  - AWSLambdaRoleX
  - arn:aws:iam::1:policy/own
  - !Ref Managed
  - ${DOCUMENT_YAML}
RolePath: /chat/
PermissionsBoundary: boundary
AssumeRolePolicyDocument: { a: b }`);
  expect(findings).toEqual([]);
  expect(resources.ItRole?.Type).toBe("AWS::IAM::Role");
  expect(role).toEqual({
    AssumeRolePolicyDocument: { a: "b" },
    ManagedPolicyArns: [
      BASIC,
      managed("service-role/AWSLambdaRole"),
      managed("XAWSLambdaRole"),
      managed("AWSLambdaRoleX"),
      "arn:aws:iam::1:policy/own",
      { Ref: "Managed" },
    ],
    Policies: [policy(DOCUMENT, 6)],
    Path: "/chat/",
    PermissionsBoundary: "boundary",
    Tags: [{ Key: "lambda:createdBy", Value: "SAM" }],
  });
  expect(path("ItRole", "ManagedPolicyArns")?.at(-1)).toBe("Policies");
  expect(path("ItRole", "Path")?.at(-1)).toBe("RolePath");
});

test.each([
  [
    "{ SQSPollerPolicy: { QueueName: q } }",
    allow(
      [
        "sqs:ChangeMessageVisibility",
        "sqs:ChangeMessageVisibilityBatch",
        "sqs:DeleteMessage",
        "sqs:DeleteMessageBatch",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
      ],
      [
        {
          "Fn::Sub": [
            "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${QueueName}",
            { QueueName: "q" },
          ],
        },
      ],
    ),
  ],
  [
    "{ DynamoDBStreamReadPolicy: { TableName: t, StreamName: s } }",
    {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
          Resource: [
            {
              "Fn::Sub": [
                `${DYNAMODB}table/\${TableName}/stream/\${StreamName}`,
                { TableName: "t", StreamName: "s" },
              ],
            },
          ],
        },
        {
          Effect: "Allow",
          Action: ["dynamodb:ListStreams"],
          Resource: [
            { "Fn::Sub": [`${DYNAMODB}table/\${TableName}/stream/*`, { TableName: "t" }] },
          ],
        },
      ],
    },
  ],
  ["{ CloudWatchPutMetricPolicy: {} }", allow(["cloudwatch:PutMetricData"], ["*"])],
  [
    "{ AWSSecretsManagerGetSecretValuePolicy: { SecretArn: s } }",
    allow(["secretsmanager:GetSecretValue"], [{ "Fn::Sub": ["${SecretArn}", { SecretArn: "s" }] }]),
  ],
])("fills in the policy template %s", (template, document) => {
  const { role, findings } = madeOf(`Policies: [ ${template} ]`);
  expect(findings).toEqual([]);
  expect(role).toMatchObject({
    AssumeRolePolicyDocument: trust("lambda.amazonaws.com"),
    ManagedPolicyArns: [BASIC],
    Policies: [policy(document)],
  });
});

test("adds the condition of a policy template", () => {
  const { role } = madeOf("Policies: { EFSWriteAccessPolicy: { FileSystem: f, AccessPoint: a } }");
  const start = "arn:${AWS::Partition}:elasticfilesystem:${AWS::Region}:${AWS::AccountId}:";
  const point = { "Fn::Sub": [`${start}access-point/\${AccessPoint}`, { AccessPoint: "a" }] };
  const document = allow(
    ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
    [{ "Fn::Sub": [`${start}file-system/\${FileSystem}`, { FileSystem: "f" }] }],
    { Condition: { StringEquals: { "elasticfilesystem:AccessPointArn": point } } },
  );
  expect(role.Policies).toEqual([policy(document)]);
});

test("fills in nothing where a policy template names no parameter", () => {
  const { role } = madeOf("Policies: { AWSSecretsManagerRotationPolicy: { FunctionName: f } }");
  expect(role.Policies[0].PolicyDocument.Statement[0].Resource).toEqual([
    { "Fn::Sub": "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:*" },
  ]);
});

test("selects between policies by a condition", () => {
  const { role, findings } = madeOf(`Policies:
  - !If [ C, ${DOCUMENT_YAML}, !Ref AWS::NoValue ]
  - !If [ C, !Ref A, ${DOCUMENT_YAML} ]
  - !If [ C, !Ref A, !Ref B ]
  - !If [ { C: d }, ${DOCUMENT_YAML}, !Ref B ]`);
  expect(findings).toEqual([]);
  expect(role.Policies).toEqual([
    { "Fn::If": ["C", policy(DOCUMENT), { Ref: "AWS::NoValue" }] },
    { "Fn::If": ["C", { Ref: "A" }, policy(DOCUMENT, 1)] },
    { "Fn::If": [{ C: "d" }, policy(DOCUMENT, 3), { Ref: "B" }] },
  ]);
  expect(role.ManagedPolicyArns).toEqual([BASIC, { "Fn::If": ["C", { Ref: "A" }, { Ref: "B" }] }]);
});

test.each([
  [
    "Policies: [ 1 ]",
    "8:7",
    "a policy is a name, an ARN, a document with a Statement, or a policy template.",
  ],
  [
    "Policies: [ {} ]",
    "8:7",
    "a policy is a name, an ARN, a document with a Statement, or a policy template.",
  ],
  [
    "Policies: [ { SQSPollerPolicies: {} } ]",
    "8:21",
    'SAM has no policy template "SQSPollerPolicies". Did you mean "SQSPollerPolicy"?',
  ],
  ["Policies: [ { Other: {} } ]", "8:21", 'SAM has no policy template "Other".'],
  [
    "Policies: [ { SQSPollerPolicy: { QueueName: a }, Other: {} } ]",
    "8:21",
    "a policy has the keys SQSPollerPolicy, Other. Write each policy template as a policy of its own.",
  ],
])("rejects %s", (policies, place, problem) => {
  const { role, findings } = madeOf(policies);
  expect(findings).toEqual([`${place} error: Function "It": ${problem}`]);
  expect(role.Policies).toBeUndefined();
});

test("reports parameters that a policy template lacks or ignores", () => {
  const { findings } = madeOf(
    "Policies: [ { DynamoDBStreamReadPolicy: { TableName: t, Stream: s } }, { SQSPollerPolicy: none } ]",
  );
  expect(findings).toEqual([
    expect.stringMatching(
      /^8:\d+ warning: Policy template DynamoDBStreamReadPolicy has no property "Stream"/,
    ),
    expect.stringMatching(
      /^8:\d+ error: Policy template DynamoDBStreamReadPolicy needs the property "StreamName"\.$/,
    ),
    expect.stringMatching(
      /^8:\d+ error: Policy template SQSPollerPolicy needs the property "QueueName"\.$/,
    ),
  ]);
});

const OWN = { "Fn::GetAtt": ["ItRole", "Arn"] };
const NONE = "!Ref AWS::NoValue";

test.each([
  [`[ C, ${NONE}, ${NONE} ]`, OWN, {}, undefined],
  [`[ C, ${NONE}, theirs ]`, { "Fn::If": ["C", OWN, "theirs"] }, { Condition: "C" }, undefined],
  [
    `[ C, theirs, ${NONE} ]`,
    { "Fn::If": ["C", "theirs", OWN] },
    { Condition: "NOTC" },
    { NOTC: { "Fn::Not": [{ Condition: "C" }] } },
  ],
])("makes its own role where !If %s leaves it out", (choice, role, attributes, conditions) => {
  const { resources, template } = madeOf(`Role: !If ${choice}`);
  expect(Object(resources.It?.Properties).Role).toEqual(role);
  const { Properties: _, Type: __, ...others } = resources.ItRole ?? {};
  expect(others).toEqual(attributes);
  expect(template.Conditions).toEqual(conditions);
});

test.each(["!If [ C, a, b ]", "!If [ C, !Ref A, !Ref B ]", `!If [ [ C ], ${NONE}, b ]`, "!Ref A"])(
  "makes no role beside %s",
  (role) => {
    expect(Object.keys(madeOf(`Role: ${role}`).resources)).toEqual(["It"]);
  },
);

test("gives a schedule a role of its own", () => {
  const { resources } = madeOf(
    "Events: { Tick: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 hour) } } }",
  );
  const role = Object.values(resources).find(
    ({ Properties }) => Object(Properties).Policies !== undefined,
  );
  expect(role?.Properties).toEqual({
    AssumeRolePolicyDocument: trust("scheduler.amazonaws.com"),
    Policies: [
      {
        PolicyName: expect.stringMatching(/Tick/),
        PolicyDocument: allow("lambda:InvokeFunction", { "Fn::GetAtt": ["It", "Arn"] }),
      },
    ],
  });
});
