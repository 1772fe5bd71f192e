import { expect, test } from "vitest";
import {
  callsAt,
  functionsByStage,
} from "../../../../src/readers/cloudformation/rules/functions-by-stage.ts";

const URI =
  "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:1:function:${stageVariables.name}/invocations";

function ofStages(variables: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const functions = new Map([
    ["chat-a", "a"],
    ["chat-b", "b"],
  ]);
  const unserved = new Map([["chat-c", "runs elsewhere"]]);
  return functionsByStage(URI, callsAt(URI, variables, { functions, unserved }));
}

test("stages that call one function have that function", () => {
  expect(ofStages({ v1: { name: "chat-a" }, v2: { name: "chat-a" } })).toMatchObject({
    function: "a",
    missingAt: {},
  });
});

test("stages that call different functions have the stage variable", () => {
  expect(ofStages({ v1: { name: "chat-a" }, v2: { name: "chat-b" } })).toMatchObject({
    function: "${stageVariables.name}",
    missingAt: {},
  });
});

test("a stage whose variables lead to no function fails alone", () => {
  expect(ofStages({ v1: { name: "chat-a" }, v2: { name: "chat-c" }, v3: {} })).toMatchObject({
    function: "a",
    missingAt: {
      v2: "the function chat-c runs elsewhere",
      v3: expect.stringContaining("because the stage does not set ${stageVariables.name}"),
    },
  });
});

test("an alias that all stages name is part of the function", () => {
  const aliased = { name: "chat-a:live" };
  expect(ofStages({ v1: aliased, v2: aliased }).function).toBe("a:live");
  expect(ofStages({ v1: aliased, v2: { name: "chat-a" } }).function).toBe("a");
});

test("a route has no function if no stage leads to one", () => {
  expect(ofStages({ v1: { name: "chat-c" } }).function).toBeUndefined();
});
