import { type PolicyDocument, parsePolicy } from "./policy-document.ts";
import type { NamedPolicy } from "./policy-evaluation.ts";

/** Actions on all resources. */
type Actions = { readonly Action?: readonly string[]; readonly NotAction?: readonly string[] };

const STREAMS = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"].map(
  (name) => `dynamodb:${name}`,
);

/**
 * AWS managed policies by path and name, with their actions on the services whose calls are checked.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const POLICIES: Readonly<Record<string, Actions>> = {
  AdministratorAccess: { Action: ["*"] },
  PowerUserAccess: { NotAction: ["iam:*", "organizations:*", "account:*"] },
  AWSLambda_FullAccess: { Action: ["lambda:*"] },
  AmazonAPIGatewayInvokeFullAccess: {
    Action: ["execute-api:Invoke", "execute-api:ManageConnections"],
  },
  AmazonDynamoDBFullAccess: { Action: ["dynamodb:*"] },
  AmazonDynamoDBFullAccess_v2: { Action: ["dynamodb:*"] },
  AmazonDynamoDBReadOnlyAccess: {
    Action: [
      "dynamodb:BatchGetItem",
      "dynamodb:Describe*",
      "dynamodb:List*",
      "dynamodb:GetItem",
      "dynamodb:Query",
      "dynamodb:Scan",
    ],
  },
  AmazonSNSFullAccess: { Action: ["sns:*"] },
  AmazonSQSFullAccess: { Action: ["sqs:*"] },
  "AWSLambdaInvocation-DynamoDB": { Action: ["lambda:InvokeFunction", ...STREAMS] },
  "service-role/AWSLambdaDynamoDBExecutionRole": { Action: STREAMS },
  "service-role/AWSLambdaRole": { Action: ["lambda:InvokeFunction"] },
};

/** AWS managed policies that allow nothing on these services. */
const OTHERS: ReadonlySet<string> = new Set([
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
]);

const ARN = /^arn:[\w-]+:iam::aws:policy\/(.+)$/;

/** The checked part of an AWS managed policy; undefined for an unknown one. */
export function managedPolicy(arn: string): NamedPolicy | undefined {
  const name = ARN.exec(arn)?.[1] ?? "";
  if (OTHERS.has(name)) return { name, document: { statements: [] } };
  const actions = Object.hasOwn(POLICIES, name) ? POLICIES[name] : undefined;
  return actions && { name, document: allowing(actions) };
}

function allowing(actions: Actions): PolicyDocument {
  const parsed = parsePolicy({ Statement: { Effect: "Allow", ...actions, Resource: "*" } });
  return parsed.kind === "ok" ? parsed.policy : { statements: [] };
}
