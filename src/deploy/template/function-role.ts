import { postingTo } from "../../definition/permission-to-post.ts";
import type { ApiTable, LambdaFunction, Project } from "../../definition/project.ts";
import { replaceReferences } from "../../definition/references.ts";
import { TABLE_ACTIONS } from "../../definition/table-actions.ts";
import { getAtt, sub } from "../../readers/cloudformation/rules/write-intrinsics.ts";
import { logGroupLogicalId, roleLogicalId, tableLogicalId } from "./logical-ids.ts";
import { type Json, plainJson, type Resource } from "./model.ts";
import { type PlacedApi, stagesArn } from "./placed-apis.ts";
import { toIntrinsic } from "./reference-values.ts";
import { roleResource } from "./role-resource.ts";
import { tablesOf } from "./tables.ts";

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
  return roleResource({
    service: "lambda.amazonaws.com",
    description: `What the function ${fn.name} of ${whose} may do`,
    policyName: "function",
    statements: [
      writeLogs(fn),
      ...postingTo(apis, fn).map(manageConnections),
      ...tablesOf(project, fn.name).map(useTable),
      ...replaceReferences(fn.roleStatements, (value) => toIntrinsic(value, apis)).map(
        (statement) => plainJson(statement),
      ),
    ],
  });
}

/** The `Role` of a function: its own, else the stack's. */
export function roleOf(fn: LambdaFunction): Json {
  if (fn.role === undefined) return getAtt(roleLogicalId(fn.name), "Arn");
  return fn.role.startsWith("arn:")
    ? fn.role
    : sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${fn.role}`);
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
