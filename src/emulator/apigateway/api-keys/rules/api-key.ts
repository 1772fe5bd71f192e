import type { KeySource, UsagePlan } from "../../../../definition/checked-project.ts";
import type { LocalApiKey } from "../../../../definition/generated-api-key.ts";
import type { LocalProject } from "../../../../definition/local-project.ts";
import { headerValue } from "../../../iam/rules/raw-headers.ts";
import type { Identity } from "../../rules/event-types.ts";

/** The stage to which a handshake with an API key connects. */
export type KeyedStage = { readonly api: string; readonly stage: string };

/** Whether an API key is valid for a stage, and the usage plan that makes it so. */
export type KeyVerdict =
  | { readonly kind: "good"; readonly key: LocalApiKey; readonly plan: UsagePlan }
  /** A sentence without its full stop. */
  | { readonly kind: "bad"; readonly because: string };

/** Names of the sources of API keys, as rejections mention them. */
const KEY_SOURCES = {
  "$request.header.x-api-key": "the header x-api-key",
  "$context.authorizer.usageIdentifierKey": "the usageIdentifierKey of the authorizer",
} as const satisfies Record<KeySource, string>;

/** The client's API key: from its header, or if the API says so from its authorizer, and then never the header. */
export function sentKey(
  source: KeySource,
  rawHeaders: readonly string[],
  usageIdentifierKey: string | undefined,
): string | undefined {
  return source === "$request.header.x-api-key"
    ? headerValue(rawHeaders, "x-api-key")
    : usageIdentifierKey;
}

/**
 * Validates a key: it must be enabled, and one of its usage plans must include the stage.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
 */
export function judgeKey(
  value: string | undefined,
  source: KeySource,
  { api, stage }: KeyedStage,
  { apiKeys, usagePlans }: Pick<LocalProject, "apiKeys" | "usagePlans">,
): KeyVerdict {
  if (!value)
    return bad(`${KEY_SOURCES[source]} is missing or empty, and $connect requires an API key`);
  const key = Object.values(apiKeys).find((each) => each.value === value);
  if (key === undefined) return bad(`${KEY_SOURCES[source]} is not the value of an API key`);
  if (!key.enabled) return bad(`the API key ${key.name} is not enabled`);
  const plan = Object.values(usagePlans).find(
    (each) =>
      each.apiKeys.includes(key.name) &&
      each.apiStages.some((listing) => listing.api === api && listing.stage === stage),
  );
  return plan === undefined
    ? bad(`the API key ${key.name} is not in a usage plan of the stage ${stage}`)
    : { kind: "good", key, plan };
}

/**
 * The API key in the event of `$connect`: as sent, and its id if it is valid for the stage, whether or not the
 * route requires a key.
 */
export function keyFields(
  verdict: KeyVerdict,
  value: string | undefined,
  idOf: (name: string) => string,
): Pick<Identity, "apiKey" | "apiKeyId"> {
  return verdict.kind === "good"
    ? { apiKey: verdict.key.value, apiKeyId: idOf(verdict.key.name) }
    : { apiKey: value ?? "" };
}

function bad(because: string): KeyVerdict {
  return { kind: "bad", because };
}
