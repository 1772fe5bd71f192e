import { expect, test } from "vitest";
import type { Json } from "../../../src/deploy/template.ts";
import { rich, sample, templateOf } from "../apis.ts";

const subOf = (value: Json | undefined): Json | undefined =>
  typeof value === "object" && value !== null && "Fn::Sub" in value ? value["Fn::Sub"] : undefined;

test("a route's permission names the API, the stage and the route, dollars and all", () => {
  const arns = Object.values(templateOf(rich).Resources).flatMap(({ Type, Properties }) =>
    Type === "AWS::Lambda::Permission" ? [subOf(Properties?.SourceArn)] : [],
  );
  const start = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/live-1/";

  expect(arns.filter((arn) => !String(arn).includes("/authorizers/"))).toHaveLength(6);
  expect(arns).toEqual(
    expect.arrayContaining([`${start}$connect`, `${start}room/join me`, `${start}pay \${!now}`]),
  );
});

test("a function with more routes than its policy has room for gets one permission for all", () => {
  const routes = Array.from({ length: 60 }, (_, i) => [`route${i}`, { function: "connect" }]);
  const template = templateOf({ ...sample, routes: Object.fromEntries(routes) });

  const permissions = Object.values(template.Resources).filter(
    ({ Type }) => Type === "AWS::Lambda::Permission",
  );

  expect(permissions.map(({ Properties }) => Properties?.SourceArn)).toEqual([
    { "Fn::Sub": expect.stringMatching(/\$\{Api\}\/v1\/\*$/) },
  ]);
});
