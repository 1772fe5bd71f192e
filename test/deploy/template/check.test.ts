import { expect, test } from "vitest";
import { checkTemplate } from "../../../src/deploy/template/check.ts";
import { type Resource, synthesize, type Template } from "../../../src/deploy/template.ts";
import { codeFor, projectOf, rich, sample, templateOf } from "../apis.ts";

type Mutable = Record<string, unknown> & { [name: string]: Mutable };

/** The rich template after a change. */
function mutant(change: (resources: Mutable, template: Mutable) => void): Template {
  const template = JSON.parse(JSON.stringify(templateOf(rich)));
  change(template.Resources, template);
  return template;
}

const props = (resources: Mutable, id: string): Mutable => resources[id]!.Properties!;
const set = (object: unknown, name: string, value: unknown): void => {
  (object as Record<string, unknown>)[name] = value;
};

/** One error each in a good template. */
const MUTANTS: readonly (readonly [
  name: string,
  change: (resources: Mutable, template: Mutable) => void,
  place: string,
  says: string,
])[] = [
  [
    "a bad Ref",
    (r) => set(props(r, "ConnectRoute"), "ApiId", { Ref: "Apy" }),
    "ConnectRoute.ApiId",
    'Did you mean "Api"',
  ],
  [
    "GetAtt of a wrong attribute",
    (r) =>
      set(props(r, "ConnectFunction"), "Role", { "Fn::GetAtt": ["ConnectFunctionRole", "ARN"] }),
    "ConnectFunction.Role",
    'Did you mean "Arn"',
  ],
  [
    "GetAtt on an unknown resource",
    (r) => set(props(r, "ConnectFunction"), "Role", { "Fn::GetAtt": ["NoRole", "Arn"] }),
    "ConnectFunction.Role",
    '"NoRole" is not a resource',
  ],
  [
    "Sub of an unknown id in an output",
    (_, t) => set(t.Outputs!.WebSocketUrl, "Value", { "Fn::Sub": "wss://${Apo}.x" }),
    "WebSocketUrl.Value",
    '"Apo" is neither a resource',
  ],
  [
    "a circle",
    (r) => set(props(r, "ConnectFunction").Environment!.Variables, "STAGE", { Ref: "Stage" }),
    "",
    "in a circle",
  ],
  [
    "a WebSocket API without RouteSelectionExpression",
    (r) => delete props(r, "Api").RouteSelectionExpression,
    "Api.RouteSelectionExpression",
    "is missing",
  ],
  [
    "DependsOn of an unknown id",
    (r) => set(r.Stage, "DependsOn", ["Nothing"]),
    "Stage.DependsOn",
    '"Nothing" is not a resource',
  ],
];

test.each(MUTANTS)("catches %s", (_, change, place, says) => {
  const faults = checkTemplate(mutant(change));

  const fault = faults.find(({ message }) => message.includes(says));
  expect(fault, JSON.stringify(faults)).toBeDefined();
  const { resource = "", property = "", message = "" } = fault ?? {};
  expect(message.startsWith(`${resource}.${property}: `)).toBe(true);
  if (place !== "") expect(`${resource}.${property}`).toBe(place);
});

test("names a circle once, with its way", () => {
  const faults = checkTemplate(
    mutant((r) =>
      set(props(r, "ConnectFunction").Environment!.Variables, "STAGE", { Ref: "Stage" }),
    ),
  );

  expect(faults).toHaveLength(1);
  expect(faults[0]?.message).toMatch(/Stage -> Deployment\w+ -> .*Integration -> ConnectFunction/);
  expect(faults[0]?.property).not.toBe("");
});

test.each<readonly [string, (resources: Mutable) => void, string]>([
  [
    "two routes of one key",
    (r) => set(props(r, "DefaultRoute"), "RouteKey", "$connect"),
    '"$connect" is the key of',
  ],
  [
    "a route key that only looks predefined",
    (r) => set(props(r, "ConnectRoute"), "RouteKey", "$conect"),
    "begins with $, but is not one of",
  ],
  [
    "an authorizer on a message route",
    (r) => set(props(r, "DefaultRoute"), "AuthorizationType", "AWS_IAM"),
    "DefaultRoute.AuthorizationType: only $connect",
  ],
  [
    "a two-way route without its response",
    (r) => delete r.DefaultRouteResponse,
    "DefaultRoute.RouteResponseSelectionExpression: the route has no RouteResponse",
  ],
  [
    "a deployment that does not wait for a route",
    (r) => set(r[deployment(r)], "DependsOn", []),
    "lacks ConnectRoute",
  ],
  [
    "a deployment id with AutoDeploy",
    (r) => set(props(r, "Stage"), "AutoDeploy", true),
    "Stage.DeploymentId: cannot be combined with AutoDeploy. Remove one of the two.",
  ],
  [
    "a stage without any deployment",
    (r) => delete props(r, "Stage").DeploymentId,
    "Stage.DeploymentId: is missing",
  ],
  [
    "a route that leads to no integration",
    (r) => set(props(r, "ConnectRoute"), "Target", { "Fn::Sub": "integrations/${Stage}" }),
    "ConnectRoute.Target: Stage is not an integration",
  ],
  [
    "an integration by GET",
    (r) => set(props(r, "ConnectIntegration"), "IntegrationMethod", "GET"),
    'ConnectIntegration.IntegrationMethod: "GET" is not POST',
  ],
  [
    "an integration that waits too long",
    (r) => set(props(r, "ConnectIntegration"), "TimeoutInMillis", 30_000),
    "30000 is not from 50 to 29000",
  ],
  [
    "a condition that is not there",
    (r) => set(r.ConnectionsTable, "Condition", "Live"),
    '"Live" is not a condition',
  ],
])("catches %s", (_, change, says) => {
  const messages = checkTemplate(mutant(change)).map(({ message }) => message);

  expect(messages.join("\n")).toContain(says);
});

function deployment(resources: Mutable): string {
  return Object.keys(resources).find((id) => id.startsWith("Deployment")) ?? "";
}

test.each([
  ["the sample", templateOf(sample)],
  ["everything that a definition can say", templateOf(rich)],
  ["an API that deploys itself", templateOf(rich, true)],
])("finds nothing wrong with the template of %s", (_, template) => {
  expect(checkTemplate(template)).toEqual([]);
});

test("takes what a hook adds, of types that wsgw itself never emits", () => {
  const added: Readonly<Record<string, Resource>> = {
    Queue: { Type: "AWS::SQS::Queue", Properties: { QueueName: "jobs" } },
    Own: { Type: "Custom::Thing", Properties: { At: { "Fn::GetAtt": ["Queue", "Arn"] } } },
  };
  const template = templateOf(sample);

  const faults = checkTemplate({ ...template, Resources: { ...template.Resources, ...added } });

  expect(faults).toEqual([]);
});

test("says that an API is too large for one stack", () => {
  const routes = Array.from({ length: 200 }, (_, i) => [`route${i}`, { function: "all" }] as const);
  const many = Array.from({ length: 10 }, (_, i) => [`fn${i}`, { handler: "a.b" }] as const);
  const project = projectOf({
    ...sample,
    functions: { all: { handler: "src/all.handler" }, ...Object.fromEntries(many) },
    routes: Object.fromEntries([
      ...routes,
      ...routes.map(([key], i) => [`${key}x`, { function: `fn${i % 10}` }] as const).slice(0, 100),
    ]),
  });

  const faults = checkTemplate(synthesize(project, { code: codeFor(project), buildId: "1" }));

  expect(faults.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^Resources: \d+ are more than the 500 .* Split the API\.$/),
  ]);
});

test("rejects a template that is too large for CloudFormation before anything is sent", () => {
  const template = templateOf(sample);
  const filled = { ...template, Metadata: { Filling: "x".repeat(1_010_000) } };

  expect(checkTemplate(filled).map(({ message }) => message)).toEqual([
    expect.stringMatching(/^The template's \d+ bytes exceed the limit of 1000000\.$/),
  ]);
});
