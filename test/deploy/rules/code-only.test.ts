import { expect, test } from "vitest";
import { beyondCode } from "../../../src/deploy/rules/code-only.ts";
import { change } from "../resource-change.ts";

test.each([
  ["Add", undefined, "added"],
  ["Modify", "True", "replaced"],
  ["Modify", "Conditional", undefined],
  ["Remove", undefined, "removed"],
  ["Import", undefined, "imported"],
  ["Dynamic", undefined, "changed in a way that wsgw does not know"],
])("--code-only says that a function would be: %s %s", (action, replacement, what) => {
  const words = what === undefined ? "might be replaced" : `would be ${what}`;

  expect(
    beyondCode([change("Talk", "AWS::Lambda::Function", action, replacement)], new Set(["Talk"])),
  ).toEqual([`Talk (AWS::Lambda::Function): ${words}`]);
});

test("finds what --code-only cannot change", () => {
  const changes = [
    change("Talk", "AWS::Lambda::Function", "Modify", "False", ["Code"]),
    change("Hear", "AWS::Lambda::Function", "Modify", "False", ["Code", "Environment"]),
    change("Hook", "AWS::Lambda::Function", "Modify", "False", ["Code"]),
    change("Api", "AWS::ApiGatewayV2::Api", "Modify", "False", ["Name"]),
    change("New", "AWS::Lambda::Function", "Add"),
  ];

  const faults = beyondCode(changes, new Set(["Talk", "Hear"]));

  expect(faults).toEqual([
    "Hear (AWS::Lambda::Function): Environment would be changed",
    "Hook (AWS::Lambda::Function): its code is not from the definition",
    "Api (AWS::ApiGatewayV2::Api): would be changed",
    "New (AWS::Lambda::Function): would be added",
  ]);
});
