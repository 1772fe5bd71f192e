import { expect, test } from "vitest";
import {
  hiddenPolicy,
  policyDocument,
} from "../../../../src/readers/terraform/rules/policy-document.ts";
import type { Value } from "../../../../src/readers/terraform/rules/values.ts";
import { resource } from "./resource.ts";

const statements = (attributes: Readonly<Record<string, Value>>) => {
  const { Version, Statement } = JSON.parse(
    policyDocument(resource("aws_iam_policy_document", attributes, { isData: true })),
  );
  expect(Version).toBe("2012-10-17");
  return Statement;
};

test("a statement has what its block has", () => {
  const principals = [
    { type: "Service", identifiers: ["a"] },
    { type: "AWS", identifiers: ["b"] },
    {},
  ];
  const condition = [
    { test: "StringEquals", variable: "a", values: ["b"] },
    { test: "StringEquals", variable: "c", values: ["d"] },
    { test: "Null", variable: "e" },
    {},
  ];
  const statement = [
    { actions: ["a:b"], resources: ["*"] },
    {
      sid: "Door",
      effect: "Deny",
      not_actions: ["c:d"],
      not_resources: ["e"],
      principals,
      condition,
    },
    {
      sid: "",
      principals: [{ type: "AWS" }, { type: "*" }],
      not_principals: principals.slice(0, 1),
    },
  ];

  expect(statements({ statement })).toEqual([
    { Effect: "Allow", Action: ["a:b"], Resource: ["*"] },
    {
      Sid: "Door",
      Effect: "Deny",
      NotAction: ["c:d"],
      NotResource: ["e"],
      Principal: { Service: ["a"], AWS: ["b"], "": [] },
      Condition: {
        StringEquals: { a: ["b"], c: ["d"] },
        Null: { e: [] },
        "": { "": [] },
      },
    },
    { Effect: "Allow", Principal: "*", NotPrincipal: { Service: ["a"] } },
  ]);
  expect(statements({})).toEqual([]);
  expect(statements({ statement: { actions: "a" } })).toEqual([{ Effect: "Allow", Action: "a" }]);
});

test("statements of other documents come first, and the last of a name counts", () => {
  const document = (...Statement: unknown[]) => JSON.stringify({ Statement });
  const given = {
    source_policy_documents: [document({ Sid: "a", Action: 1 }, { Action: 2 }, "no"), "[]"],
    override_policy_documents: [document({ Sid: "b", Action: 3 }), '{"Statement":{"Action":4}}'],
    statement: [{ sid: "a", actions: 5 }, { actions: 6 }, "no"],
  };

  expect(statements(given)).toEqual([
    { Sid: "a", Effect: "Allow", Action: 5 },
    { Action: 2 },
    { Sid: "b", Action: 3 },
    { Action: 4 },
    { Effect: "Allow", Action: 6 },
  ]);
});

test("a hidden policy allows every action on a resource that is elsewhere", () => {
  expect(hiddenPolicy("why")).toEqual({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "*", Resource: "{{resolve:terraform:why}}" }],
  });
});
