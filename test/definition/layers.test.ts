import { expect, test } from "vitest";
import { checkProject } from "../../src/definition/checks.ts";

function check(layers?: unknown) {
  const definition = {
    name: "chat",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "v1" },
    functions: { all: { handler: "app.handler", layers } },
    routes: { $default: { function: "all" } },
  };
  return checkProject(definition, "here", { parseExpression: () => ({ kind: "ok" }) }).project;
}

test("layers are directories in the author's order, by default none", () => {
  expect(check(["layers/a", "../shared/b"]).functions.all?.layers).toEqual([
    "layers/a",
    "../shared/b",
  ]);
  expect(check().functions.all?.layers).toEqual([]);
});

test.each([
  ["layers/a", '"layers/a" is not an array. Put it in [ ].'],
  [
    ["/layers/a"],
    'functions.all.layers[0]: "/layers/a" is not a layer. Write a directory relative to the definition\'s, with /, such as "layers/common".',
  ],
  [
    ["a", ""],
    'functions.all.layers[1]: "" is not a layer. Write a directory relative to the definition\'s, with /, such as "layers/common".',
  ],
  [
    ["arn:aws:lambda:us-east-1:123456789012:layer:common:3"],
    "is the ARN of a layer. Unpack its content (aws lambda get-layer-version)",
  ],
  [["a", "b", "c", "d", "e", "f"], "6 layers exceed Lambda's limit of 5. Merge some of them."],
])("rejects %j", (layers, problem) => {
  expect(() => check(layers)).toThrow(problem);
});
