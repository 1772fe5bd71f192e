import { expect, test } from "vitest";
import { logRoleWarnings } from "../../../src/deploy/rules/log-role.ts";
import type { JsonObject, Resource } from "../../../src/deploy/template/model.ts";

const stage = (Properties: JsonObject): Resource => ({
  Type: "AWS::ApiGatewayV2::Stage",
  Properties,
});
const LOGGING = { LoggingLevel: "INFO" };

const warningOf = (id: string) =>
  `${id} has execution logs. Unless the account has a role for them, AWS says "CloudWatch Logs role ARN must be set in account settings to enable logging"; then create an AWS::ApiGateway::Account, once for account and region.`;

test("names each stage with execution logs, of all routes or of some", () => {
  const Resources: Readonly<Record<string, Resource>> = {
    Info: stage({ DefaultRouteSettings: LOGGING }),
    Errors: stage({ DefaultRouteSettings: { LoggingLevel: "ERROR" } }),
    Route: stage({ RouteSettings: { a: { LoggingLevel: "OFF" }, b: LOGGING } }),
    Off: stage({ DefaultRouteSettings: { LoggingLevel: "OFF" }, RouteSettings: "none" }),
    None: { Type: "AWS::ApiGatewayV2::Stage" },
    Other: { Type: "AWS::ApiGateway::Stage", Properties: { DefaultRouteSettings: LOGGING } },
  };

  expect(logRoleWarnings({ Resources })).toEqual(["Info", "Errors", "Route"].map(warningOf));
});

test("says nothing where the template sets the account's role", () => {
  const Resources: Readonly<Record<string, Resource>> = {
    Live: stage({ DefaultRouteSettings: LOGGING }),
    Account: { Type: "AWS::ApiGateway::Account" },
  };

  expect(logRoleWarnings({ Resources })).toEqual([]);
});
