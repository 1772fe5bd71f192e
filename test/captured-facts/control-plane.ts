import { expect, onTestFinished } from "vitest";
import type { ApiDefinition } from "../../src/definition/project.ts";
import type { StackEvent } from "../../src/deploy/aws/stacks.ts";
import { logRoleWarnings } from "../../src/deploy/rules/log-role.ts";
import { diagnose } from "../../src/deploy/rules/root-cause.ts";
import { diffTemplates } from "../../src/deploy/template/diff.ts";
import { renderDiff } from "../../src/deploy/template/render-diff.ts";
import type { Template } from "../../src/deploy/template.ts";
import { startEmulator } from "../../src/emulator/emulator.ts";
import { templateOf } from "../deploy/apis.ts";
import type { CapturedFact } from "./fact.ts";
import { Wire } from "./wire.ts";

// What calls of the control plane answer. wsgw has no such calls: the definition is what changes, and `wsgw deploy`
// makes the calls by CloudFormation.

const base: ApiDefinition = {
  name: "probe",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  functions: { which: { handler: "unused.which" }, check: { handler: "unused.check" } },
  routes: { $connect: { function: "which" }, echo: { function: "which" } },
};
const guarded: ApiDefinition = {
  ...base,
  authorizers: { who: { function: "check" } },
  routes: { ...base.routes, $connect: { function: "which", authorizer: "who" } },
};

/** A running project whose author takes out an authorizer that `$connect` names: nothing changes, and the error says why. */
async function withoutAuthorizer({ expect: wanted }: CapturedFact): Promise<string> {
  expect(wanted.stateChanged).toBe(false);
  const handlers = { which: async () => ({ statusCode: 200 }), check: async () => ({}) };
  const emulator = await startEmulator({
    definition: guarded,
    handlers,
    runtime: "in-process",
    port: 0,
  });
  onTestFinished(() => emulator.stop());

  const { authorizers: _, ...rest } = guarded;
  const rejected: unknown = await emulator.update(rest).catch((error: unknown) => error);

  const wire = await Wire.to(emulator.port);
  const answer = await wire.request("GET", "/dev", [
    ["Host", "localhost"],
    ["Connection", "Upgrade"],
    ["Upgrade", "websocket"],
    ["Sec-WebSocket-Version", "13"],
    ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
  ]);
  expect(answer.statusCode).toBe(500); // the authorizer still runs, and its answer is of no use
  return String(rejected);
}

export async function authorizerInUse(fact: CapturedFact): Promise<void> {
  const { DeleteAuthorizer: of } = fact.request as { readonly DeleteAuthorizer: string };

  const error = await withoutAuthorizer(fact);

  const route = of.replace("of route ", "");
  expect(String(fact.expect.message)).toContain(`is referenced in route: ${route}`);
  expect(error).toContain(`routes.${route}.authorizer: "who" is not the name of an authorizer`);
}

export async function authorizerUnknown(fact: CapturedFact): Promise<void> {
  expect(await withoutAuthorizer(fact)).toContain(String(fact.expect.message));
}

/** Whether the account has the role is known to AWS alone: a warning has AWS's words, and a failed deployment advice. */
export async function logRole({ request, expect: wanted }: CapturedFact): Promise<void> {
  const { DefaultRouteSettings } = (
    request as { readonly UpdateStage: { readonly DefaultRouteSettings: object } }
  ).UpdateStage;
  const stage = { name: "dev", executionLog: { level: "INFO" } } as const;
  const template = templateOf({ ...base, stage });
  expect(template.Resources.Stage?.Properties?.DefaultRouteSettings).toMatchObject(
    DefaultRouteSettings,
  );

  expect(logRoleWarnings(template)).toEqual([expect.stringContaining(String(wanted.message))]);
  const account = { Type: "AWS::ApiGateway::Account" };
  expect(logRoleWarnings({ ...template, Resources: { ...template.Resources, account } })).toEqual(
    [],
  );
  expect(logRoleWarnings(templateOf(base))).toEqual([]);
  const failed: StackEvent = {
    id: "1",
    stackId: "stack",
    stackName: "probe",
    logicalId: "Stage",
    physicalId: undefined,
    type: "AWS::ApiGatewayV2::Stage",
    status: "CREATE_FAILED",
    reason: String(wanted.message),
    at: 1,
    token: undefined,
  };
  expect(diagnose([failed]).hint).toContain("AWS::ApiGateway::Account");
}

/** A route that is only changed has no effect, so every change of one makes a deployment in place of the old one. */
export async function needsDeployment({ expect: wanted }: CapturedFact): Promise<void> {
  expect(wanted.unchanged).toBe(true);
  const change = (routes: ApiDefinition["routes"]): string =>
    renderDiff(diffTemplates(templateOf(base, false), templateOf({ ...base, routes }, false)));
  const { echo = { function: "which" }, ...others } = base.routes;

  for (const routes of [
    { ...others, changed: echo },
    { ...others, echo: { ...echo, routeResponse: true } },
  ]) {
    expect(change(routes)).toContain("The changes of the API go live with it.");
  }
  expect(change(base.routes)).toBe("Nothing would change.\n");
}

type Variables = Readonly<Record<string, string>>;

/** A variable that a definition drops stays on AWS, which a diff says. */
export async function variablesMerge({ given, expect: wanted }: CapturedFact): Promise<void> {
  const { calls } = given as { readonly calls: readonly object[] };
  const [first = {}, second = {}] = calls.map(
    (call) =>
      (call as { readonly UpdateStage: { readonly StageVariables: Variables } }).UpdateStage
        .StageVariables,
  );
  const withVariables = (variables: Variables): Template =>
    templateOf({ ...base, stage: { name: "dev", variables } });

  const changes = diffTemplates(withVariables(first), withVariables(second));

  expect(wanted.StageVariables).toEqual({ ...first, ...second });
  const notes = changes.find(({ id }) => id === "Stage")?.notes;
  expect(notes).toEqual([
    "API Gateway merges stage variables, so probeOne can keep its value on AWS.",
  ]);
  const kept = diffTemplates(withVariables(first), withVariables({ ...first, ...second }));
  expect(kept.find(({ id }) => id === "Stage")?.notes).toEqual([]);
}
