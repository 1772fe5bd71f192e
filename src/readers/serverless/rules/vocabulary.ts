import { didYouMean } from "../../../definition/faults.ts";
import type { JsonObject } from "../../cloudformation/rules/origins.ts";
import type { Written } from "./written.ts";

const SERVICE =
  "service frameworkVersion configValidationMode deprecationNotificationMode disabledDeprecations useDotenv variablesResolutionMode unresolvedVariablesNotificationMode projectDir enableLegacyDeploymentBucket org app console dashboard outputs licenseKey tenant provider params stages package plugins custom functions layers resources build state";

const PROVIDER =
  "name alb apiGateway apiKeys apiName architecture cfnRole cloudFront credentials deletionProtection deploymentBucket deploymentMethod deploymentPrefix disableDefaultOutputExportNames disableRollback ecr endpointType environment eventBridge httpApi iam iamManagedPolicies iamRoleStatements kinesis kmsKeyArn lambdaHashingVersion layers logDataProtectionPolicy logRetentionInDays logs memorySize notificationArns package profile pruneFunctionVersions region resolver resourcePolicy role rolePermissionsBoundary rollbackConfiguration runtime runtimeManagement s3 stackName stackParameters stackPolicy stackTags stage tags timeout tracing usagePlan versionFunctions vpc vpcEndpointIds websocket websocketApiId websocketApiName websocketApiRouteSelectionExpression websocketsApiName websocketsApiRouteSelectionExpression websocketsDescription build";

const FUNCTION =
  "name handler image runtime runtimeManagement architecture description memorySize timeout environment events layers role vpc tags package awsKmsKeyArn kmsKeyArn condition dependsOn destinations disableLogs durableConfig ephemeralStorageSize fileSystemConfig logDataProtectionPolicy logRetentionInDays logs maximumEventAge maximumRetryAttempts module onError provisionedConcurrency recursiveLoop reservedConcurrency snapStart tracing url versionFunction warmup iamRoleStatements iamPermissionsBoundary iamRoleStatementsInherit iamRoleStatementsName tenancyConfig build";

const WEBSOCKET = "route routeKey routeResponseSelectionExpression authorizer";

const words = (text: string): readonly string[] => text.split(" ");

/** The allowed properties by part of a service. */
export const WORDS = {
  service: words(SERVICE),
  provider: words(PROVIDER),
  function: words(FUNCTION),
  websocket: words(WEBSOCKET),
} as const;

/** Reports properties that are unknown to Serverless and similar to a known one; plugins add others. */
export function checkWords(
  written: Written,
  what: string,
  node: JsonObject,
  known: readonly string[],
): void {
  for (const word of Object.keys(node)) {
    if (known.includes(word)) continue;
    const near = didYouMean(word, known);
    if (near === undefined) continue;
    written.warn(`${what} has no property "${word}"${near}`, { node, key: word });
  }
}
