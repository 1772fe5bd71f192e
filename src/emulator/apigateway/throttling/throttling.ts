import type { Clock } from "../../../clock.ts";
import type { AccountLimitsDefinition } from "../../../definition/parts.ts";
import type { ServedApi } from "../rules/served-api.ts";
import { accountLimitsFor } from "./rules/account-limits.ts";
import { inWords, stageLimitOf } from "./rules/rate-limits.ts";
import { type Bucket, type RateLimit, takeToken } from "./rules/token-bucket.ts";

type ApiStages = Pick<ServedApi, "key" | "stages">;

/** Throttles the requests to the APIs of a project. It applies only limits that the definition sets. */
export class Throttling {
  readonly #clock: Clock;
  readonly #accountLimits: () => AccountLimitsDefinition | undefined;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, accountLimits: () => AccountLimitsDefinition | undefined) {
    this.#clock = clock;
    this.#accountLimits = accountLimits;
  }

  /** Takes a token from the named bucket; false when it is empty. */
  admits(name: string, limit: RateLimit): boolean {
    const left = takeToken(this.#buckets.get(name), limit, this.#clock.elapsed());
    if (left === undefined) return false;
    this.#buckets.set(name, left);
    return true;
  }

  /** Why a call of `@connections` is throttled; undefined when it is not. */
  call(): string | undefined {
    return this.#byAccount("call");
  }

  /** Why a handshake is throttled before its client is authorized. */
  handshake(api: ApiStages, stage: string): string | undefined {
    return this.#byAccount("handshake") ?? this.#onStage(api, stage, "$connect", "stage");
  }

  #byAccount(kind: "handshake" | "message" | "call"): string | undefined {
    const limits = accountLimitsFor(kind, this.#accountLimits());
    return limits.find(({ bucket, limit }) => !this.admits(bucket, limit))?.because;
  }

  /**
   * Why the limits of the route `$connect` throttle a handshake. API Gateway applies them after the API key.
   */
  connectRoute(api: ApiStages, stage: string): string | undefined {
    return this.#onStage(api, stage, "$connect", "route");
  }

  /** Why a message is throttled. `routeKey` is undefined if no route matches. */
  message(api: ApiStages, stage: string, routeKey: string | undefined): string | undefined {
    return this.#byAccount("message") ?? this.#onStage(api, stage, routeKey);
  }

  #onStage(
    { key, stages }: ApiStages,
    stage: string,
    routeKey: string | undefined,
    only?: "stage" | "route",
  ): string | undefined {
    const throttle = stages[stage]?.throttle;
    const found = throttle && stageLimitOf(throttle, routeKey);
    if (found === undefined || (only !== undefined && only !== found.of)) return undefined;
    const { of, limit } = found;
    const where = of === "route" ? ` ${routeKey}` : "";
    if (this.admits(`stage ${key}/${stage}${where}`, limit)) return undefined;
    const what =
      of === "route" ? `the route ${routeKey} of the stage ${stage}` : `the stage ${stage}`;
    return `${what} ${inWords(limit)}`;
  }
}
