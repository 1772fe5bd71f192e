/** Words in which AWS and its tools speak of what no definition can have yet, by what that is. */
const NOT_EMULATED: readonly (readonly [what: string, words: readonly string[]])[] = [
  [
    "API keys and usage plans",
    ["apiKey", "apiKeys", "apiKeyRequired", "apiKeySelectionExpression", "usagePlan", "usagePlans"],
  ],
  [
    "throttling and quotas",
    [
      "throttle",
      "throttling",
      "throttlingRateLimit",
      "throttlingBurstLimit",
      "rateLimit",
      "burstLimit",
      "routeSettings",
      "defaultRouteSettings",
      "quota",
    ],
  ],
  [
    "request models",
    ["model", "models", "modelSelectionExpression", "requestModel", "requestModels"],
  ],
  [
    "integrations other than Lambda proxy",
    [
      "integration",
      "integrations",
      "integrationType",
      "integrationUri",
      "http",
      "mock",
      "target",
      "requestParameters",
      "requestTemplates",
      "templateSelectionExpression",
      "passthroughBehavior",
      "contentHandlingStrategy",
    ],
  ],
  [
    "access logs (deploy.logging has them on AWS)",
    ["accessLog", "accessLogs", "accessLogSettings"],
  ],
];

const BY_WORD: ReadonlyMap<string, string> = new Map(
  NOT_EMULATED.flatMap(([what, words]) => words.map((word) => [word.toLowerCase(), what])),
);

const AUTHORIZATION = /^(auth|authorizerId|authorizationType|authorization)$/i;

/** Ends a sentence about a field that is none, when its name stands for what has another name here or is not emulated. */
export function notEmulated(field: string): string | undefined {
  if (AUTHORIZATION.test(field)) {
    return '; give $connect an `authorizer`: a name in `authorizers`, or "AWS_IAM".';
  }
  const what = BY_WORD.get(field.toLowerCase());
  // what wsgw does emulate of these goes by another field
  const instead = /^integrations?$/i.test(field)
    ? "; name the function in a route's `function`"
    : "";
  return what === undefined ? undefined : `${instead}: wsgw does not emulate ${what} yet.`;
}
