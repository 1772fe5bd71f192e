import type { Project } from "../../definition/project.ts";
import { isObject } from "../../readers/cloudformation/rules/tree.ts";
import type { Json, Template } from "../template/model.ts";

/**
 * Why API Gateway writes logs, so that the account needs a role for them; begins a sentence. Undefined
 * without logs.
 */
export function whyLogs({ deploy, apis }: Project): string | undefined {
  if (deploy.logging !== undefined) return "deploy.logging is set";
  const logged = Object.values(apis)
    .flatMap(({ stages }) => Object.values(stages))
    .find(({ accessLog, executionLog }) => accessLog ?? executionLog);
  return logged && `stage "${logged.name}" has a log`;
}

/**
 * Why CloudFormation may reject a template whose stages have execution logs: API Gateway writes them by a role of the account. Whether
 * the account has one cannot be known without AWS.
 */
export function logRoleWarnings({ Resources }: Template): readonly string[] {
  const all = Object.entries(Resources);
  if (all.some(([, { Type }]) => Type === "AWS::ApiGateway::Account")) return [];
  const logging = all.filter(
    ([, { Type, Properties = {} }]) =>
      Type === "AWS::ApiGatewayV2::Stage" &&
      [Properties.DefaultRouteSettings, ...valuesIn(Properties.RouteSettings)].some(logs),
  );
  return logging.map(
    ([id]) =>
      `${id} has execution logs. Unless the account has a role for them, AWS says "CloudWatch Logs role ARN must be set in account settings to enable logging"; then create an AWS::ApiGateway::Account, once for account and region.`,
  );
}

function valuesIn(settings: Json | undefined): readonly Json[] {
  return isObject(settings) ? Object.values(settings) : [];
}

function logs(settings: Json | undefined): boolean {
  if (!isObject(settings)) return false;
  return settings.LoggingLevel === "INFO" || settings.LoggingLevel === "ERROR";
}
