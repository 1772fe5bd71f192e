import { expect, test } from "vitest";
import {
  givenValue,
  variableFiles,
} from "../../../../src/readers/terraform/rules/variable-values.ts";

test("a value is that of the plan, else of the command line, of a file, of TF_VAR_NAME", () => {
  const all = {
    variables: { a: 1 },
    parameters: { a: "2" },
    inFiles: new Map([["a", 3]]),
    env: { TF_VAR_a: "4" },
  };
  const none = { variables: {}, parameters: {}, inFiles: new Map(), env: {} };

  expect(givenValue("a", all)).toEqual({ value: 1 });
  expect(givenValue("a", { ...all, variables: {} })).toEqual({ text: "2" });
  expect(givenValue("a", { ...none, inFiles: all.inFiles, env: all.env })).toEqual({ value: 3 });
  expect(givenValue("a", { ...none, env: all.env })).toEqual({ text: "4" });
  expect(givenValue("a", none)).toBeUndefined();
});

test("*.auto.tfvars overrides terraform.tfvars", () => {
  const names = ["b.auto.tfvars", "main.tf", "a.auto.tfvars.json", "terraform.tfvars"];

  expect(variableFiles(names)).toEqual(["terraform.tfvars", "a.auto.tfvars.json", "b.auto.tfvars"]);
});
