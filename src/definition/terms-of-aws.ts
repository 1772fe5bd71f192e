const EXECUTION_LOG = ". A stage has `executionLog`.";
const METRICS = ". A stage has `detailedMetrics`, and `wsgw dev --metrics` counts requests.";
const LIMITS = ". Limits are in the `throttle` of a stage.";
const INTEGRATION = ". Write it in the `integration` of a route.";
const AUTHORIZATION = '. Set the `authorizer` of $connect: a name in `authorizers`, or "AWS_IAM".';

/** Terms of AWS and its tools, in lower case, with their equivalents in a definition. */
const OTHERWISE: Readonly<Record<string, string>> = {
  throttling: LIMITS,
  throttlingratelimit: LIMITS,
  throttlingburstlimit: LIMITS,
  ratelimit: LIMITS,
  burstlimit: LIMITS,
  routesettings: LIMITS,
  defaultroutesettings: LIMITS,
  apikey: ". API keys are in `apiKeys`, and `$connect` has `apiKeyRequired`.",
  model: ". Models are in `models`, and routes refer to them in `requestModels`.",
  requestmodel: ". Models are in `models`, and routes refer to them in `requestModels`.",
  metrics: METRICS,
  detailedmetricsenabled: METRICS,
  executionlogs: EXECUTION_LOG,
  logginglevel: EXECUTION_LOG,
  datatraceenabled: EXECUTION_LOG,
  accesslogs: ". A stage has `accessLog`.",
  accesslogsettings: ". A stage has `accessLog`.",
  usageplan: ". Usage plans are in `usagePlans`.",
  quota: ". Quotas are in `usagePlans`.",
  auth: AUTHORIZATION,
  authorizerid: AUTHORIZATION,
  authorizationtype: AUTHORIZATION,
  authorization: AUTHORIZATION,
  ...Object.fromEntries(
    [
      "integrations",
      "integrationType",
      "integrationUri",
      "integrationMethod",
      "http",
      "mock",
      "target",
      "requestTemplates",
      "templateSelectionExpression",
      "passthroughBehavior",
      "contentHandlingStrategy",
      "credentialsArn",
    ].map((word) => [word.toLowerCase(), INTEGRATION]),
  ),
};

/** Ends the error about an unknown field that is a term of AWS with another name here. */
export function termOfAws(field: string): string | undefined {
  return OTHERWISE[field.toLowerCase()];
}
