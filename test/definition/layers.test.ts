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
  ["layers/a", '"layers/a" is not a list'],
  [["/layers/a"], 'functions.all.layers[0]: "/layers/a" is no layer; name a folder'],
  [["a", ""], 'functions.all.layers[1]: "" is no layer; name a folder'],
  [
    ["arn:aws:lambda:us-east-1:123456789012:layer:common:3"],
    "is the ARN of a layer; unpack its content (aws lambda get-layer-version)",
  ],
  [["a", "b", "c", "d", "e", "f"], "6 layers are more than the 5 that Lambda takes"],
])("rejects %j", (layers, problem) => {
  expect(() => check(layers)).toThrow(problem);
});
