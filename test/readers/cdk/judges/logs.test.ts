import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadProject } from "../../../../src/emulator/load-project.ts";
import { temporaryDirectory } from "../../../temporary-directory.ts";
import { packagesOfCdk } from "./installed.ts";

const packages = packagesOfCdk();

const APP = `
import { App, aws_logs, Stack } from "aws-cdk-lib";
import { LogGroupLogDestination, WebSocketApi, WebSocketStage } from "aws-cdk-lib/aws-apigatewayv2";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { WebSocketMockIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";

const stack = new Stack(new App(), "logged", { env: { region: "eu-west-1" } });
const webSocketApi = new WebSocketApi(stack, "Api");
webSocketApi.addRoute("ping", { integration: new WebSocketMockIntegration("Ping"), returnResponse: true });
const stage = new WebSocketStage(stack, "Stage", {
  webSocketApi,
  stageName: "dev",
  autoDeploy: true,
  detailedMetricsEnabled: true,
  accessLogSettings: {
    destination: new LogGroupLogDestination(new aws_logs.LogGroup(stack, "Access")),
    format: AccessLogFormat.custom("$context.requestId $context.routeKey"),
  },
});
const { defaultRouteSettings } = stage.node.defaultChild;
stage.node.defaultChild.defaultRouteSettings = {
  ...defaultRouteSettings,
  loggingLevel: "ERROR",
  dataTraceEnabled: false,
};
stage.node.defaultChild.routeSettings = { ping: { LoggingLevel: "INFO", DataTraceEnabled: true } };
`;

test.skipIf(packages === undefined)(
  "an app of the CDK has its execution log, access log and metrics",
  async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, "app.mjs"), APP);
    writeFileSync(join(cwd, "cdk.json"), JSON.stringify({ app: "node app.mjs" }));
    if (packages !== undefined) symlinkSync(packages, join(cwd, "node_modules"), "junction");

    const { project } = await loadProject({
      cwd,
      template: "cdk.json",
      stateDir: temporaryDirectory(),
    });

    expect(Object.values(project.apis)[0]?.stages.dev).toMatchObject({
      executionLog: {
        level: "ERROR",
        dataTrace: false,
        routes: { ping: { level: "INFO", dataTrace: true } },
      },
      accessLog: { format: "$context.requestId $context.routeKey" },
      detailedMetrics: true,
    });
  },
);
