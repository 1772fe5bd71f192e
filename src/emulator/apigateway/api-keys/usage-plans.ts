import type { Clock } from "../../../clock.ts";
import type { UsagePlan } from "../../../definition/checked-project.ts";
import type { LocalProject } from "../../../definition/local-project.ts";
import type { RejectionCause } from "../connect/rules/rejection-responses.ts";
import type { Identity } from "../rules/event-types.ts";
import type { ServedApi } from "../rules/served-api.ts";
import { inWords, rateLimitOf } from "../throttling/rules/rate-limits.ts";
import type { Throttling } from "../throttling/throttling.ts";
import { judgeKey, keyFields, sentKey } from "./rules/api-key.ts";
import { countHandshake, type Used } from "./rules/quota.ts";

type UsagePlansParts = {
  readonly clock: Clock;
  readonly throttling: Throttling;
  /** The current definition; it changes when files change. */
  readonly project: () => Pick<LocalProject, "apiKeys" | "usagePlans">;
  /** The id of an API key that events contain. */
  readonly idOf: (name: string) => string;
};

/** A handshake whose client is authenticated. */
export type KeyedHandshake = {
  readonly api: Pick<ServedApi, "key" | "apiKeySelectionExpression" | "routes">;
  readonly stage: string;
  readonly rawHeaders: readonly string[];
  /** From the authorizer's response. */
  readonly usageIdentifierKey: string | undefined;
};

/** A client that usage plans admit, with the API key fields of its events. */
export type Admitted = {
  readonly kind: "admitted";
  readonly identity: Pick<Identity, "apiKey" | "apiKeyId">;
};

type Admission =
  | Admitted
  | { readonly kind: "rejected"; readonly cause: RejectionCause; readonly because: string };

/** Applies usage plans to handshakes, and counts them against the quota of each API key. */
export class UsagePlans {
  readonly #parts: UsagePlansParts;
  /** By plan and key. */
  readonly #used = new Map<string, Used>();

  constructor(parts: UsagePlansParts) {
    this.#parts = parts;
  }

  /** Only handshakes of a `$connect` that requires a key count towards limits; captured on AWS. */
  admit({ api, stage, rawHeaders, usageIdentifierKey }: KeyedHandshake): Admission {
    const source = api.apiKeySelectionExpression;
    const value = sentKey(source, rawHeaders, usageIdentifierKey);
    const isRequired = api.routes.$connect?.apiKeyRequired === true;
    if (!isRequired && !value) return { kind: "admitted", identity: {} };
    const verdict = judgeKey(value, source, { api: api.key, stage }, this.#parts.project());
    const identity = keyFields(verdict, value, this.#parts.idOf);
    if (!isRequired) return { kind: "admitted", identity };
    if (verdict.kind === "bad") {
      return { kind: "rejected", cause: "api-key", because: verdict.because };
    }
    return this.#use(verdict.plan, verdict.key.name) ?? { kind: "admitted", identity };
  }

  /** Assumed: the rate is checked first, and throttled handshakes do not count towards the quota. */
  #use(plan: UsagePlan, key: string): Extract<Admission, { kind: "rejected" }> | undefined {
    const name = `plan ${plan.name} key ${key}`;
    const of = `the usage plan ${plan.name}`;
    const limit = rateLimitOf(plan.throttle);
    if (limit !== undefined && !this.#parts.throttling.admits(name, limit)) {
      const because = `${of} ${inWords(limit)} from the API key ${key}`;
      return { kind: "rejected", cause: "throttled", because };
    }
    if (plan.quota === undefined) return undefined;
    const counted = countHandshake(plan.quota, this.#used.get(name), this.#parts.clock.now());
    if (counted.kind === "used-up") {
      const { limit: most, period } = plan.quota;
      const because = `the quota of ${of}, ${most} a ${period.toLowerCase()} for the API key ${key}, is used up until ${new Date(counted.until).toISOString()}`;
      return { kind: "rejected", cause: "quota-exceeded", because };
    }
    this.#used.set(name, counted.used);
    return undefined;
  }
}
