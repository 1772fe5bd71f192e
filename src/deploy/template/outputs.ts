import type { Project } from "../../definition/project.ts";
import { ref, sub } from "../../readers/cloudformation/rules/write-intrinsics.ts";
import { domainOutputs } from "./custom-domain.ts";
import {
  apiKeyLogicalId,
  apiPrefix,
  functionLogicalId,
  stagePrefix,
  tableLogicalId,
} from "./logical-ids.ts";
import type { Outputs } from "./model.ts";
import { hasSeveral, type PlacedApi } from "./placed-apis.ts";

/**
 * The outputs of a stack: URLs first, then names. Those without a prefix are of the first API and its first
 * stage. URLs contain the literal name of the stage, so that they do not depend on it.
 */
export function outputsOf(project: Project, apis: readonly PlacedApi[], buildId: string): Outputs {
  const [first] = apis;
  return {
    ...(first !== undefined && apiOutputs(apis, first, "")),
    BuildId: { Description: "What was deployed", Value: buildId },
    ...(hasSeveral(project) && Object.assign({}, ...apis.map((api) => namedOutputs(apis, api)))),
    ...Object.fromEntries(
      namesIn(project.apiKeys).map((name) => [
        `${apiKeyLogicalId(name)}Id`,
        { Description: `Id of the API key ${name}`, Value: ref(apiKeyLogicalId(name)) },
      ]),
    ),
    ...Object.fromEntries(
      namesIn(project.functions).map((name) => [
        `${functionLogicalId(name)}Name`,
        { Description: `Name of the function ${name}`, Value: ref(functionLogicalId(name)) },
      ]),
    ),
    ...Object.fromEntries(
      namesIn(project.tables).map((name) => [
        `${tableLogicalId(name)}Name`,
        { Description: `Name of the table ${name}`, Value: ref(tableLogicalId(name)) },
      ]),
    ),
  };
}

/** The outputs of an API with its name: of its first stage, and with their names also of the others. */
function namedOutputs(apis: readonly PlacedApi[], placed: PlacedApi): Outputs {
  const { api, stages } = placed;
  const [, ...others] = stages;
  const prefix = apiPrefix(api.key);
  return {
    ...apiOutputs(apis, placed, prefix, ` of ${api.key}`),
    ...Object.assign(
      {},
      ...others.map(({ name }) =>
        urlOutputs(placed, name, stagePrefix(prefix, name), ` of ${api.key}, stage ${name}`),
      ),
    ),
  };
}

function apiOutputs(
  apis: readonly PlacedApi[],
  placed: PlacedApi,
  prefix: string,
  whose = "",
): Outputs {
  return {
    ...urlOutputs(placed, placed.stages[0].name, prefix, whose),
    ...domainOutputs(apis, placed, prefix),
    [`${prefix || "Api"}Id`]: {
      Description: `Id of the API${whose.replace(/^ of/, "")}`,
      Value: ref(placed.logicalId),
    },
  };
}

function urlOutputs(
  { logicalId }: PlacedApi,
  stage: string,
  prefix: string,
  whose: string,
): Outputs {
  const host = `\${${logicalId}}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/${stage}`;
  return {
    [`${prefix}WebSocketUrl`]: {
      Description: `Where clients${whose} connect`,
      Value: sub(`wss://${host}`),
    },
    [`${prefix}CallbackUrl`]: {
      Description: `Where backends post to connections${whose}`,
      Value: sub(`https://${host}`),
    },
  };
}

function namesIn(record: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(record).sort();
}
