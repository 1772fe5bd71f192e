import { expect, test } from "vitest";
import { Origins } from "../../../../src/readers/cloudformation/rules/origins.ts";
import { withPseudoParameters } from "../../../../src/readers/serverless/rules/pseudo-parameters.ts";

const ORIGINS = new Origins();

test("serverless-pseudo-parameters has AWS's names in strings", () => {
  const sub = "#{AWS::Region} and #{A.Arn} and ${B}";

  expect(
    withPseudoParameters(
      {
        text: sub,
        plain: "a",
        list: [sub, 1, null],
        once: { "Fn::Sub": sub },
        twice: { "Fn::Sub": [sub, { B: "#{C}" }] },
        none: { "Fn::Sub": [] },
      },
      ORIGINS,
    ),
  ).toEqual({
    text: { "Fn::Sub": "${AWS::Region} and ${A.Arn} and ${B}" },
    plain: "a",
    list: [{ "Fn::Sub": "${AWS::Region} and ${A.Arn} and ${B}" }, 1, null],
    once: { "Fn::Sub": "${AWS::Region} and ${A.Arn} and ${B}" },
    twice: {
      "Fn::Sub": ["${AWS::Region} and ${A.Arn} and ${B}", { B: { "Fn::Sub": "${C}" } }],
    },
    none: { "Fn::Sub": [] },
  });
});
