import { expect, test } from "vitest";
import type { ApiDefinition } from "../../../src/definition/project.ts";
import { type JsonObject, synthesize, type Template } from "../../../src/deploy/template.ts";
import { codeFor, projectOf, rich, sample, templateOf } from "../apis.ts";

const properties = (template: Template, id: string): JsonObject =>
  template.Resources[id]?.Properties ?? {};

const deploymentIn = (template: Template): string | undefined =>
  Object.keys(template.Resources).find((id) => id.startsWith("Deployment"));

test("the deployment waits for all of the API", () => {
  const template = templateOf(rich);
  const waits = template.Resources[deploymentIn(template) ?? ""]?.DependsOn ?? [];
  const parts = Object.entries(template.Resources).flatMap(([id, { Type }]) =>
    /::(Authorizer|Model|Route|RouteResponse|Integration)$/.test(Type) ? [id] : [],
  );

  expect([...waits].sort()).toEqual(parts.sort());
});

const other = (change: Partial<ApiDefinition>): ApiDefinition => ({ ...sample, ...change });

test.each([
  ["a route more", other({ routes: { ...sample.routes, $default: { function: "connect" } } })],
  [
    "another function behind a route",
    other({ routes: { ...sample.routes, sendmessage: { function: "connect" } } }),
  ],
  ["another selection expression", other({ routeSelectionExpression: "$request.body.action" })],
])("%s makes a new deployment", (_, definition) => {
  expect(deploymentIn(templateOf(definition))).not.toBe(deploymentIn(templateOf(sample)));
});

test("code, build id and stage make no new deployment", () => {
  const project = projectOf(other({ stage: { name: "v1", variables: { colour: "red" } } }));

  const template = synthesize(project, {
    code: new Map([...codeFor(project)].map(([name]) => [name, { key: `new/${name}.zip` }])),
    buildId: "fedcba9-dirty",
  });

  expect(deploymentIn(template)).toBe(deploymentIn(templateOf(sample)));
});

test("a stage deploys itself when asked to, and then there is no deployment", () => {
  const bySetting = templateOf({ ...sample, deploy: { autoDeploy: true } });
  const byOption = templateOf(sample, true);

  for (const template of [bySetting, byOption]) {
    expect(deploymentIn(template)).toBeUndefined();
    expect(properties(template, "Stage")).toMatchObject({ AutoDeploy: true, StageName: "v1" });
    expect(properties(template, "Stage").DeploymentId).toBeUndefined();
  }
  expect(
    deploymentIn(templateOf({ ...sample, deploy: { autoDeploy: true } }, false)),
  ).toBeDefined();
});
