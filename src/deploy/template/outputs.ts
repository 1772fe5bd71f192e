import type { Api } from "../../definition/project.ts";
import { getAtt, ref, sub } from "./intrinsics.ts";
import { functionLogicalId, IDS, tableLogicalId } from "./logical-ids.ts";
import type { Output } from "./model.ts";

/** What a deploy tells: URLs first, then names. The stage's name is in the URLs as it is, so that they need no stage. */
export function outputsOf(api: Api, buildId: string): Readonly<Record<string, Output>> {
  const host = `\${${IDS.api}}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/${api.stage.name}`;
  return {
    WebSocketUrl: {
      Description: "Where clients connect",
      Value: sub(`wss://${host}`),
    },
    CallbackUrl: {
      Description: "Where backends post to connections",
      Value: sub(`https://${host}`),
    },
    ...domainOutputs(api),
    ApiId: { Description: "Id of the API", Value: ref(IDS.api) },
    BuildId: { Description: "What was deployed", Value: buildId },
    ...Object.fromEntries(
      namesIn(api.functions).map((name) => [
        `${functionLogicalId(name)}Name`,
        { Description: `Name of the function ${name}`, Value: ref(functionLogicalId(name)) },
      ]),
    ),
    ...Object.fromEntries(
      namesIn(api.tables).map((name) => [
        `${tableLogicalId(name)}Name`,
        { Description: `Name of the table ${name}`, Value: ref(tableLogicalId(name)) },
      ]),
    ),
  };
}

function domainOutputs({ customDomain }: Api): Readonly<Record<string, Output>> {
  if (customDomain === undefined) return {};
  const { certificateArn, mappingKey, name } = customDomain;
  return {
    CustomDomainUrl: {
      Description: "Where clients connect once the domain's DNS record leads to API Gateway",
      Value: mappingKey === "" ? `wss://${name}` : `wss://${name}/${mappingKey}`,
    },
    ...(certificateArn !== undefined && {
      CustomDomainTarget: {
        Description: "What the domain's DNS record has to name",
        Value: getAtt(IDS.domain, "RegionalDomainName"),
      },
    }),
  };
}

function namesIn(record: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(record).sort();
}
