import type { Api, ApiFunction, ApiTable } from "../../definition/project.ts";
import { getAtt, sub } from "./intrinsics.ts";
import { IDS, logGroupLogicalId, tableLogicalId } from "./logical-ids.ts";
import { type Json, type JsonObject, plainJson, type Resource } from "./model.ts";
import { tablesOf } from "./tables.ts";

/** Reading and writing items; nothing that changes or removes the table itself. */
const TABLE_ACTIONS: readonly string[] = [
  "dynamodb:BatchGetItem",
  "dynamodb:BatchWriteItem",
  "dynamodb:ConditionCheckItem",
  "dynamodb:DeleteItem",
  "dynamodb:DescribeTable",
  "dynamodb:GetItem",
  "dynamodb:PutItem",
  "dynamodb:Query",
  "dynamodb:Scan",
  "dynamodb:UpdateItem",
];

/** The role of one function: its own log group, its tables, posting to connections, what its author added. */
export function functionRole(api: Api, fn: ApiFunction): Resource {
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: policy([
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "lambda.amazonaws.com" },
        },
      ]),
      Description: `What the function ${fn.name} of the WebSocket API ${api.name} may do`,
      Policies: [
        {
          PolicyName: "function",
          PolicyDocument: policy([
            writeLogs(fn),
            manageConnections(api),
            ...tablesOf(api, fn.name).map(useTable),
            ...fn.roleStatements.map((statement) => plainJson(statement)),
          ]),
        },
      ],
    },
  };
}

function policy(statements: readonly Json[]): JsonObject {
  return { Version: "2012-10-17", Statement: statements };
}

function writeLogs(fn: ApiFunction): Json {
  return {
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: getAtt(logGroupLogicalId(fn.name), "Arn"),
  };
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html */
function manageConnections(api: Api): Json {
  return {
    Effect: "Allow",
    Action: "execute-api:ManageConnections",
    Resource: sub(
      `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${IDS.api}}/${api.stage.name}/*/@connections/*`,
    ),
  };
}

function useTable(table: ApiTable): Json {
  const arn = getAtt(tableLogicalId(table.logicalName), "Arn");
  const indexes = sub(`\${${tableLogicalId(table.logicalName)}.Arn}/index/*`);
  const hasIndexes = Object.keys(table.indexes).length > 0;
  return {
    Effect: "Allow",
    Action: TABLE_ACTIONS,
    Resource: hasIndexes ? [arn, indexes] : arn,
  };
}
