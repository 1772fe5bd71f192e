import { postingTo, TABLE_ACTIONS } from "../../definition/default-role.ts";
import type { ApiTable, LambdaFunction, Project } from "../../definition/project.ts";
import { replaceReferences } from "../../definition/references.ts";
import { getAtt, sub } from "./intrinsics.ts";
import { logGroupLogicalId, tableLogicalId } from "./logical-ids.ts";
import { type Json, type JsonObject, plainJson, type Resource } from "./model.ts";
import { type PlacedApi, stagesArn } from "./placed-apis.ts";
import { tablesOf } from "./tables.ts";
import { toIntrinsic } from "./values.ts";

/**
 * The role of one function: its own log group, its tables, posting to connections, and its author's
 * statements.
 */
export function functionRole(
  project: Project,
  apis: readonly PlacedApi[],
  fn: LambdaFunction,
): Resource {
  const [first, ...others] = apis;
  const whose =
    others.length === 0 ? `the WebSocket API ${first?.api.name}` : `the project ${project.name}`;
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: assumedBy("lambda.amazonaws.com"),
      Description: `What the function ${fn.name} of ${whose} may do`,
      Policies: [
        {
          PolicyName: "function",
          PolicyDocument: policy([
            writeLogs(fn),
            ...postingTo(apis, fn).map(manageConnections),
            ...tablesOf(project, fn.name).map(useTable),
            ...replaceReferences(fn.roleStatements, (value) => toIntrinsic(value, apis)).map(
              (statement) => plainJson(statement),
            ),
          ]),
        },
      ],
    },
  };
}

/** The trust policy of a role that an AWS service assumes. */
export function assumedBy(service: string): JsonObject {
  return policy([{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }]);
}

export function policy(statements: readonly Json[]): JsonObject {
  return { Version: "2012-10-17", Statement: statements };
}

function writeLogs(fn: LambdaFunction): Json {
  return {
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: getAtt(logGroupLogicalId(fn.name), "Arn"),
  };
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html */
function manageConnections(placed: PlacedApi): Json {
  const [first, ...others] = placed.stages.map(({ name }) =>
    sub(`${stagesArn(placed, name)}/*/@connections/*`),
  );
  return {
    Effect: "Allow",
    Action: "execute-api:ManageConnections",
    Resource: others.length === 0 ? (first ?? null) : [first ?? null, ...others],
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
