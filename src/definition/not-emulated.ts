const EXECUTION_LOG = "; a stage has `executionLog`.";
const METRICS = "; a stage has `detailedMetrics`, and `wsgw dev --metrics` counts requests.";
const LIMITS = "; limits are in the `throttle` of a stage.";
const INTEGRATION = "; write it into the `integration` of a route.";
const AUTHORIZATION = '; give $connect an `authorizer`: a name in `authorizers`, or "AWS_IAM".';

/** Terms of AWS and its tools, in lower case, with their equivalents in a definition. */
const OTHERWISE: Readonly<Record<string, string>> = {
  throttling: LIMITS,
  throttlingratelimit: LIMITS,
  throttlingburstlimit: LIMITS,
  ratelimit: LIMITS,
  burstlimit: LIMITS,
  routesettings: LIMITS,
  defaultroutesettings: LIMITS,
  apikey: "; API keys are in `apiKeys`, and `$connect` has `apiKeyRequired`.",
  model: "; models are in `models`, and routes name them in `requestModels`.",
  requestmodel: "; models are in `models`, and routes name them in `requestModels`.",
  metrics: METRICS,
  detailedmetricsenabled: METRICS,
  executionlogs: EXECUTION_LOG,
  logginglevel: EXECUTION_LOG,
  datatraceenabled: EXECUTION_LOG,
  accesslogs: "; a stage has `accessLog`.",
  accesslogsettings: "; a stage has `accessLog`.",
  usageplan: "; usage plans are in `usagePlans`.",
  quota: "; quotas are in `usagePlans`.",
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
export function notEmulated(field: string): string | undefined {
  return OTHERWISE[field.toLowerCase()];
}
