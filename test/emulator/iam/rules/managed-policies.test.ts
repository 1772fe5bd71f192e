import { expect, test } from "vitest";
import { managedPolicy } from "../../../../src/emulator/iam/rules/managed-policies.ts";
import { evaluatePolicies } from "../../../../src/emulator/iam/rules/policy-evaluation.ts";

/** Actions of the services whose calls are checked, and of one that no checked policy speaks of. */
const ACTIONS = [
  "dynamodb:BatchGetItem",
  "dynamodb:DeleteItem",
  "dynamodb:DescribeStream",
  "dynamodb:DescribeTable",
  "dynamodb:GetItem",
  "dynamodb:GetRecords",
  "dynamodb:GetShardIterator",
  "dynamodb:ListStreams",
  "dynamodb:ListTables",
  "dynamodb:PutItem",
  "dynamodb:Query",
  "dynamodb:Scan",
  "execute-api:Invoke",
  "execute-api:ManageConnections",
  "lambda:GetFunction",
  "lambda:InvokeFunction",
  "sns:Publish",
  "sqs:SendMessage",
];
const OUTSIDE = ["iam:PassRole", "organizations:ListRoots", "account:GetContactInformation"];
const STREAMS = ACTIONS.filter((action) => /Stream|Records|ShardIterator/.test(action));
const of = (service: string) => ACTIONS.filter((action) => action.startsWith(`${service}:`));

function allowedBy(policy: string): readonly string[] {
  const known = managedPolicy(`arn:aws:iam::aws:policy/${policy}`);
  if (known === undefined) throw new Error(`${policy} is unknown`);
  expect(known.name).toBe(policy);
  return [...ACTIONS, ...OUTSIDE].filter((action) => {
    const request = { action, resource: "arn:aws:any:us-east-1:123456789012:thing", context: {} };
    return evaluatePolicies([known], request).decision === "allow";
  });
}

test.each([
  ["AdministratorAccess", [...ACTIONS, ...OUTSIDE]],
  ["PowerUserAccess", ACTIONS],
  ["AWSLambda_FullAccess", of("lambda")],
  ["AmazonAPIGatewayInvokeFullAccess", of("execute-api")],
  ["AmazonDynamoDBFullAccess", of("dynamodb")],
  ["AmazonDynamoDBFullAccess_v2", of("dynamodb")],
  [
    "AmazonDynamoDBReadOnlyAccess",
    [
      "dynamodb:BatchGetItem",
      "dynamodb:DescribeStream",
      "dynamodb:DescribeTable",
      "dynamodb:GetItem",
      "dynamodb:ListStreams",
      "dynamodb:ListTables",
      "dynamodb:Query",
      "dynamodb:Scan",
    ],
  ],
  ["AmazonSNSFullAccess", of("sns")],
  ["AmazonSQSFullAccess", of("sqs")],
  ["AWSLambdaInvocation-DynamoDB", [...STREAMS, "lambda:InvokeFunction"]],
  ["service-role/AWSLambdaDynamoDBExecutionRole", STREAMS],
  ["service-role/AWSLambdaRole", ["lambda:InvokeFunction"]],
])("%s allows what AWS documents", (policy, allowed) => {
  expect(allowedBy(policy)).toEqual(allowed);
});

test.each([
  "AWSLambdaExecute",
  "AWSXRayDaemonWriteAccess",
  "AWSXrayWriteOnlyAccess",
  "AmazonAPIGatewayAdministrator",
  "AmazonS3FullAccess",
  "CloudWatchLambdaInsightsExecutionRolePolicy",
  "CloudWatchLogsFullAccess",
  "service-role/AWSLambdaBasicExecutionRole",
  "service-role/AWSLambdaKinesisExecutionRole",
  "service-role/AWSLambdaMSKExecutionRole",
  "service-role/AWSLambdaSQSQueueExecutionRole",
  "service-role/AWSLambdaVPCAccessExecutionRole",
])("%s is known, and allows nothing on the services whose calls are checked", (policy) => {
  expect(allowedBy(policy)).toEqual([]);
});

test.each([
  ["of another partition", "arn:aws-us-gov:iam::aws:policy/AdministratorAccess", true],
  ["of an account", "arn:aws:iam::123456789012:policy/AdministratorAccess", false],
  ["with something before it", "x arn:aws:iam::aws:policy/AdministratorAccess", false],
  ["with a line after it", "arn:aws:iam::aws:policy/AdministratorAccess\n", false],
  ["without a name", "arn:aws:iam::aws:policy/", false],
  ["without its path", "arn:aws:iam::aws:policy/AWSLambdaRole", false],
  ["that AWS does not have", "arn:aws:iam::aws:policy/SaveTheWorld", false],
  ["named like a property of objects", "arn:aws:iam::aws:policy/toString", false],
])("a managed policy %s is known only where AWS has it", (_, arn, isKnown) => {
  expect(managedPolicy(arn) !== undefined).toBe(isKnown);
});
