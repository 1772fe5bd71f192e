import { expect, test } from "vitest";
import type { ReferenceName, Value } from "../../../src/definition/references.ts";
import { deployedAs } from "../../../src/deploy/rules/stack-name.ts";
import { placedApis } from "../../../src/deploy/template/placed-apis.ts";
import { toIntrinsic } from "../../../src/deploy/template/reference-values.ts";
import { synthesize } from "../../../src/deploy/template.ts";
import { codeFor, projectOf, sample } from "../apis.ts";

test("a reference to the API is right under the name of any stack and stage", () => {
  const project = deployedAs(projectOf(sample), { stackName: "other", stage: "prod" });
  const environment = { URL: { ref: "api.chat.url" } } as const;
  const connect = { ...project.functions.connect!, environment };
  const deployed = { ...project, functions: { ...project.functions, connect } };

  const template = synthesize(deployed, { code: codeFor(project), buildId: "1" });

  expect(template.Resources.ConnectFunction?.Properties?.Environment).toMatchObject({
    Variables: {
      URL: { "Fn::Sub": "wss://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/prod" },
    },
  });
});

const APIS = placedApis(projectOf(sample));
const HOST = "${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/v1";

test.each<[Value, unknown]>([
  ["plain ${text} stays", "plain ${text} stays"],
  [{ ref: "api.chat.id" }, { Ref: "Api" }],
  [{ ref: "api.chat.url" }, { "Fn::Sub": `wss://${HOST}` }],
  [{ ref: "api.chat.callbackUrl" }, { "Fn::Sub": `https://${HOST}` }],
  [{ ref: "api.chat.stage" }, "v1"],
  [{ ref: "table.messages.name" }, { Ref: "MessagesTable" }],
  [{ ref: "table.messages.arn" }, { "Fn::GetAtt": ["MessagesTable", "Arn"] }],
  [{ ref: "function.send.name" }, { Ref: "SendFunction" }],
  [{ ref: "function.send.arn" }, { "Fn::GetAtt": ["SendFunction", "Arn"] }],
  [{ ref: "region" }, { Ref: "AWS::Region" }],
  [{ ref: "accountId" }, { Ref: "AWS::AccountId" }],
  [{ join: ["a", "-", "b"] }, "a-b"],
  [{ join: [{ ref: "region" }] }, { Ref: "AWS::Region" }],
  [
    { join: ["x-", { ref: "region" }, "-", { ref: "api.chat.stage" }] },
    { "Fn::Sub": "x-${AWS::Region}-v1" },
  ],
  [
    { join: ["$", "{region} ", { join: [{ ref: "accountId" }, "${y}"] }] },
    { "Fn::Sub": "${!region} ${AWS::AccountId}${!y}" },
  ],
])("%j is %j to CloudFormation", (value, intrinsic) => {
  expect(toIntrinsic(value, APIS)).toEqual(intrinsic);
});

test.each(["api.other.id", "api.chat.name", "table.messages.url", "stage"])(
  "does not take %s for a reference",
  (ref) => {
    expect(() => toIntrinsic({ ref: ref as ReferenceName }, APIS)).toThrow("is not part of");
  },
);
