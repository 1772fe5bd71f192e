import { expect, test } from "vitest";
import type { JsonObject } from "../../../../src/readers/cloudformation/rules/origins.ts";
import type { Finding } from "../../../../src/readers/cloudformation/rules/report.ts";
import { writeOut } from "../../../../src/readers/serverless/rules/write-out.ts";
import type { Service } from "../../../../src/readers/serverless/rules/written.ts";
import { writtenBy } from "./written.ts";

function templateOf(more: Partial<Service>, root: JsonObject = {}) {
  let template: JsonObject = {};
  const problems: string[] = [];
  writtenBy(({ service, origins }) => {
    const report = ({ problem }: Finding) => problems.push(problem);
    template = writeOut(service, root, { origins, report });
  }, more);
  return { template, problems };
}

const DOOR = { handler: "a.handler", events: [{ websocket: { route: "$connect", rout: 1 } }] };

test("a service's own resources are merged over those that Serverless creates", () => {
  const { template, problems } = templateOf({
    functions: { door: { handler: "a.handler" } },
    layers: { shared: { path: "layer" } },
    resources: {
      Resources: { DoorLambdaFunction: { Properties: { Timeout: 29 } }, Own: { Type: "X" } },
      Outputs: { A: { Value: "b" } },
      extensions: {
        IamRoleLambdaExecution: { Properties: { Path: "/own/" }, DependsOn: "Own" },
        DoorLogGroup: { Properties: {} },
        Gone: {},
        Own: "text",
      },
    },
  });
  const resources = template.Resources as JsonObject;

  expect(Object.keys(resources)).toEqual([
    "SharedLambdaLayer",
    "DoorLambdaFunction",
    "IamRoleLambdaExecution",
    "Own",
  ]);
  expect(resources.DoorLambdaFunction).toMatchObject({
    Properties: { Timeout: 29, MemorySize: 1024 },
  });
  expect(resources.IamRoleLambdaExecution).toMatchObject({
    Type: "AWS::IAM::Role",
    DependsOn: "Own",
    Properties: { Path: "/own/", Policies: [{ PolicyName: "IamRoleLambdaExecution" }] },
  });
  expect(template.Outputs).toEqual({ A: { Value: "b" } });
  expect(problems).toEqual([
    'extensions contains "Gone", which Serverless does not create. Correct its logical id.',
    'extensions contains "Own", which Serverless does not create. Correct its logical id.',
  ]);
});

test("every part of a service is checked for words that are close to known ones", () => {
  const provider = { rolle: "a" };
  const { problems } = templateOf(
    { functions: { door: { ...DOOR, timout: 3 } }, provider, plugins: ["own"] },
    { servce: "a", functions: {} },
  );

  expect(problems).toEqual([
    'the service has no property "servce". Did you mean "service"?',
    'provider has no property "rolle". Did you mean "role"?',
    'the function door has no property "timout". Did you mean "timeout"?',
    'a websocket event has no property "rout". Did you mean "route"?',
    expect.stringMatching(/^wsgw does not run own\./),
  ]);
});

test("strings are substituted only with the plugin for them", () => {
  const resources = { Outputs: { A: "#{AWS::Region}" } };
  const outputsWith = (plugins: readonly string[]) =>
    templateOf({ functions: {}, resources, plugins }).template.Outputs;

  expect(outputsWith(["serverless-pseudo-parameters"])).toEqual({
    A: { "Fn::Sub": "${AWS::Region}" },
  });
  expect(outputsWith([])).toEqual({ A: "#{AWS::Region}" });
});
