/** Words in which AWS and its tools speak of what no definition can have yet, by what that is. */
const NOT_EMULATED: readonly (readonly [what: string, words: readonly string[]])[] = [
  [
    "execution logs (deploy.logging has them on AWS)",
    ["executionLogs", "loggingLevel", "dataTraceEnabled"],
  ],
];

const BY_WORD: ReadonlyMap<string, string> = new Map(
  NOT_EMULATED.flatMap(([what, words]) => words.map((word) => [word.toLowerCase(), what])),
);

const METRICS = "; `wsgw dev --metrics` counts requests.";
const LIMITS = "; limits are in the `throttle` of a stage.";
const INTEGRATION = "; write it into the `integration` of a route.";
const AUTHORIZATION = '; give $connect an `authorizer`: a name in `authorizers`, or "AWS_IAM".';

/** Words of AWS and its tools, in lower case, for what a definition writes in another way. */
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
  detailedmetrics: METRICS,
  detailedmetricsenabled: METRICS,
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

/** Ends the error about an unknown field whose name is a term of AWS: not emulated, or written in another way here. */
export function notEmulated(field: string): string | undefined {
  const otherwise = OTHERWISE[field.toLowerCase()];
  if (otherwise !== undefined) return otherwise;
  const what = BY_WORD.get(field.toLowerCase());
  return what === undefined ? undefined : `: wsgw does not emulate ${what} yet.`;
}
