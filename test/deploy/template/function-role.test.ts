import { expect, test } from "vitest";
import { ref } from "../../../src/definition/project.ts";
import type { JsonObject, Template } from "../../../src/deploy/template.ts";
import { rich, sample, templateOf } from "../apis.ts";

const properties = (template: Template, id: string): JsonObject =>
  template.Resources[id]?.Properties ?? {};

const statements = (template: Template, role: string): readonly JsonObject[] => {
  const [policy] = properties(template, role).Policies as unknown as readonly {
    readonly PolicyDocument: { readonly Statement: readonly JsonObject[] };
  }[];
  return policy?.PolicyDocument.Statement ?? [];
};

test("a function may use its tables, post to the stage's connections, write its own log, and what its author adds", () => {
  const template = templateOf(rich);

  const allowed = statements(template, roleOf("send-all", template)).map(({ Action, Resource }) => [
    [Action].flat()[0],
    Resource,
  ]);

  expect(allowed).toEqual([
    ["logs:CreateLogStream", { "Fn::GetAtt": [expect.stringMatching(/^SendAll\w+Logs$/), "Arn"] }],
    [
      "execute-api:ManageConnections",
      {
        "Fn::Sub":
          "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/live-1/*/@connections/*",
      },
    ],
    ["dynamodb:BatchGetItem", { "Fn::GetAtt": ["ConnectionsTable", "Arn"] }],
    [
      "dynamodb:BatchGetItem",
      [{ "Fn::GetAtt": ["MessagesTable", "Arn"] }, { "Fn::Sub": "${MessagesTable.Arn}/index/*" }],
    ],
    ["s3:GetObject", "arn:aws:s3:::b/*"],
  ]);
});

function roleOf(name: string, template: Template): string {
  return (
    Object.keys(template.Resources).find(
      (id) =>
        id.endsWith("FunctionRole") &&
        String(properties(template, id).Description).includes(` ${name} `),
    ) ?? ""
  );
}

test("references of role statements are CloudFormation's functions", () => {
  const template = templateOf({
    ...sample,
    functions: {
      ...sample.functions,
      connect: {
        handler: "src/handlers/connect.handler",
        roleStatements: [
          {
            Effect: "Allow",
            Action: "lambda:InvokeFunction",
            Resource: [
              ref("function.disconnect.arn"),
              { join: [ref("table.connections.arn"), "/stream/*"] },
              { "Fn::Join": ["", [ref("function.disconnect.arn"), ":live"]] },
            ],
            Condition: { StringEquals: { "aws:RequestedRegion": ref("region") } },
          },
          { Effect: "Deny", Action: "s3:*", Resource: ref("table.connections.arn") },
        ],
      },
    },
  });
  const arn = { "Fn::GetAtt": ["DisconnectFunction", "Arn"] };

  expect(statements(template, "ConnectFunctionRole").slice(-2)).toEqual([
    {
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource: [
        arn,
        { "Fn::Sub": "${ConnectionsTable.Arn}/stream/*" },
        { "Fn::Join": ["", [arn, ":live"]] },
      ],
      Condition: { StringEquals: { "aws:RequestedRegion": { Ref: "AWS::Region" } } },
    },
    { Effect: "Deny", Action: "s3:*", Resource: { "Fn::GetAtt": ["ConnectionsTable", "Arn"] } },
  ]);
});

test("a role of one's own takes the place of the one that the stack would make", () => {
  const template = templateOf(rich);
  const roles = Object.entries(template.Resources).flatMap(([, { Type, Properties }]) =>
    Type === "AWS::Lambda::Function" ? [Properties?.Role] : [],
  );

  expect(roles).toEqual(
    expect.arrayContaining([
      "arn:aws:iam::123456789012:role/path/chat",
      { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/chat-worker@x" },
      { "Fn::GetAtt": ["ConnectFunctionRole", "Arn"] },
    ]),
  );
  expect(Object.keys(template.Resources).filter((id) => id.endsWith("Role"))).toHaveLength(2);
});
