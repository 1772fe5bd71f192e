import type { LocalApiKey, LocalProject } from "../../../../definition/local-project.ts";
import type { UsagePlan } from "../../../../definition/model.ts";

/** The stage that a handshake with a key is for. */
export type KeyedStage = { readonly api: string; readonly stage: string };

/** Whether an API key is valid for a stage, and the usage plan that makes it so. */
export type KeyVerdict =
  | { readonly kind: "good"; readonly key: LocalApiKey; readonly plan: UsagePlan }
  /** `because` is a sentence without its end. */
  | { readonly kind: "bad"; readonly because: string };

/** How refusals name the sources of API keys. */
const KEY_SOURCES = {
  "$request.header.x-api-key": "the header x-api-key",
  "$context.authorizer.usageIdentifierKey": "the usageIdentifierKey of the authorizer",
} as const;

/**
 * Judges a key: it counts if it is enabled and a usage plan that lists the stage has it.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
 */
export function judgeKey(
  value: string | undefined,
  source: keyof typeof KEY_SOURCES,
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
    ? bad(`the API key ${key.name} is in no usage plan of the stage ${stage}`)
    : { kind: "good", key, plan };
}

function bad(because: string): KeyVerdict {
  return { kind: "bad", because };
}
