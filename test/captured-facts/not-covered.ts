import { type ProjectDefinition, startGateway } from "../../src/testing/index.ts";

/** What keeps facts from being run. */
export type Missing = {
  readonly because: string;
  /** Beginnings of the ids of facts. */
  readonly ids: readonly string[];
  /** False from the day on which the part exists; absent where there will be none. */
  readonly isMissing?: () => Promise<boolean>;
};

/** Facts that nothing runs, and why. A part that comes to exist leaves this list. */
export const NOT_COVERED: readonly Missing[] = [
  {
    because: "nothing here deletes or asks for one authorizer",
    ids: ["control-authorizer-in-use", "control-authorizer-unknown"],
  },
  { because: "functions have no aliases", ids: ["frame-internal-alias"] },
  {
    because: "the settings of the account are not known",
    ids: ["control-log-no-account-role"],
  },
  {
    because: "there are no execution logs",
    ids: ["execution-log-"],
    isMissing: () => isRefused({ stage: { loggingLevel: "INFO" } }),
  },
  {
    because: "functions have no aliases",
    ids: ["metrics-missing-alias"],
  },
  { because: "a definition that is saved counts as deployed", ids: ["deploy-needed"] },
  { because: "stages are changed in the definition, not by calls", ids: ["stage-variables-merge"] },
];

/** Whether a definition with such a field in its route or stage is refused. */
async function isRefused(field: { route?: object; stage?: object }): Promise<boolean> {
  const project: ProjectDefinition = {
    name: "missing",
    apis: {
      missing: {
        routeSelectionExpression: "$request.body.action",
        stages: { dev: { ...field.stage } },
        routes: { $connect: { function: "connect", ...field.route } },
      },
    },
    functions: { connect: { handler: "unused.connect" } },
  };
  const handlers = { connect: async () => ({ statusCode: 200 }) };
  return startGateway(project, { handlers }).then(
    async (gateway) => {
      await gateway.stop();
      return false;
    },
    () => true,
  );
}
