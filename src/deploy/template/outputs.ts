import type { Api } from "../../definition/project.ts";
import { getAtt, ref, sub } from "./intrinsics.ts";
import { functionLogicalId, IDS, tableLogicalId } from "./logical-ids.ts";
import type { Output } from "./model.ts";

/** Names of outputs that others look for. Those of functions and tables are made by the functions below. */
export const OUTPUTS = {
  webSocketUrl: "WebSocketUrl",
  callbackUrl: "CallbackUrl",
  apiId: "ApiId",
  buildId: "BuildId",
  customDomainUrl: "CustomDomainUrl",
  customDomainTarget: "CustomDomainTarget",
} as const;

/** Output with the name that Lambda knows a function by. */
export function functionNameOutput(name: string): string {
  return `${functionLogicalId(name)}Name`;
}

/** Output with the name that DynamoDB knows a table by. */
export function tableNameOutput(logicalName: string): string {
  return `${tableLogicalId(logicalName)}Name`;
}

/** What a deploy tells: URLs first, then names. The stage's name is in the URLs as it is, so that they need no stage. */
export function outputsOf(api: Api, buildId: string): Readonly<Record<string, Output>> {
  const host = `\${${IDS.api}}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/${api.stage.name}`;
  return {
    [OUTPUTS.webSocketUrl]: {
      Description: "Where clients connect",
      Value: sub(`wss://${host}`),
    },
    [OUTPUTS.callbackUrl]: {
      Description: "Where backends post to connections",
      Value: sub(`https://${host}`),
    },
    ...domainOutputs(api),
    [OUTPUTS.apiId]: { Description: "Id of the API", Value: ref(IDS.api) },
    [OUTPUTS.buildId]: { Description: "What was deployed", Value: buildId },
    ...Object.fromEntries(
      namesIn(api.functions).map((name) => [
        functionNameOutput(name),
        { Description: `Name of the function ${name}`, Value: ref(functionLogicalId(name)) },
      ]),
    ),
    ...Object.fromEntries(
      namesIn(api.tables).map((name) => [
        tableNameOutput(name),
        { Description: `Name of the table ${name}`, Value: ref(tableLogicalId(name)) },
      ]),
    ),
  };
}

function domainOutputs({ customDomain }: Api): Readonly<Record<string, Output>> {
  if (customDomain === undefined) return {};
  const { certificateArn, mappingKey, name } = customDomain;
  return {
    [OUTPUTS.customDomainUrl]: {
      Description: "Where clients connect once the domain's DNS record leads to API Gateway",
      Value: mappingKey === "" ? `wss://${name}` : `wss://${name}/${mappingKey}`,
    },
    ...(certificateArn !== undefined && {
      [OUTPUTS.customDomainTarget]: {
        Description: "What the domain's DNS record has to name",
        Value: getAtt(IDS.domain, "RegionalDomainName"),
      },
    }),
  };
}

function namesIn(record: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(record).sort();
}
