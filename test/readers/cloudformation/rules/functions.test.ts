import { expect, test } from "vitest";
import { readFunction } from "../../../../src/readers/cloudformation/rules/functions.ts";
import { stackOf } from "./stacks.ts";

const fn = (properties: string) =>
  stackOf(`
  Fn:
    Type: AWS::Lambda::Function
    Properties: { ${properties} }
`);

function read(properties: string, isRun = false) {
  const { resource, places, report, reported, noted } = fn(properties);
  const { resource: _, ...made } = readFunction(resource("Fn"), isRun, places, report);
  return { made, reported, noted };
}

test("a function has its name on AWS, its settings, and the places where they are written", () => {
  const { made, reported, noted } = read(
    'FunctionName: send, Handler: a.b, Runtime: nodejs24.x, Description: Sends, MemorySize: "256", Timeout: " 7 ", Environment: { Variables: { A: 1, B: true, C: text } }',
  );

  expect(made).toEqual({
    name: "send",
    definition: {
      handler: "a.b",
      functionName: "send",
      description: "Sends",
      runtime: "nodejs24.x",
      memory: 256,
      timeout: 7,
      environment: { A: "1", B: "true", C: "text" },
    },
  });
  expect(reported).toEqual([]);
  expect(noted).toMatchObject({
    "functions.Fn": "Fn",
    "functions.Fn.handler": "Fn.Properties.Handler",
    "functions.Fn.memory": "Fn.Properties.MemorySize",
    "functions.Fn.environment": "Fn.Properties.Environment",
  });
});

test("a number that is empty or blank stays what it is, for the definition's checks", () => {
  const { made } = read(
    'FunctionName: f, Handler: a.b, Runtime: nodejs24.x, MemorySize: "", Timeout: " "',
  );

  expect(made).toMatchObject({ definition: { memory: "", timeout: " " } });
});

test.each([
  ["PackageType: Image", "is a container image", []],
  ["Code: { ImageUri: x }", "is a container image", []],
  [
    "Handler: a.b",
    "has no known runtime",
    ["error at Fn: Fn has no Runtime. Add one, such as nodejs24.x."],
  ],
  [
    "Handler: a.b, Runtime: nodejs24",
    "has no known runtime",
    [
      'error at Fn.Properties.Runtime: "nodejs24" is not a runtime that wsgw knows. Did you mean "nodejs24.x"?',
    ],
  ],
  [
    "Handler: a.b, Runtime: basic",
    "has no known runtime",
    ['error at Fn.Properties.Runtime: "basic" is not a runtime that wsgw knows.'],
  ],
  ["Handler: a.b, Runtime: java21", "runs on java21, which wsgw does not start itself", []],
  [
    "Runtime: nodejs24.x",
    "has no handler",
    ['error at Fn: Fn has no Handler. Add one, such as "index.handler".'],
  ],
] as const)("a function with %s %s", (properties, unserved, problems) => {
  const { made, reported } = read(properties);

  expect(made).toMatchObject({ unserved });
  expect(reported).toEqual(problems);
});

test.each([
  ["Handler: x.Main::run, Runtime: java21", "x.Main::run"],
  ["Runtime: provided.al2023", "bootstrap"],
  ["Runtime: provided.al2023, Handler: bin/send", "bin-send"],
])("a function with %s that its author runs has the handler %s", (properties, handler) => {
  expect(read(properties, true).made).toMatchObject({ definition: { handler } });
});
