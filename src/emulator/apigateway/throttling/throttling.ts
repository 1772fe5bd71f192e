import type { Clock } from "../../../clock.ts";
import type { AccountLimitsDefinition } from "../../../definition/parts.ts";
import type { ServedApi } from "../rules/served-api.ts";
import { inWords, rateLimitOf, stageLimitOf } from "./rules/rate-limits.ts";
import { type Bucket, type RateLimit, takeToken } from "./rules/token-bucket.ts";

type ApiStages = Pick<ServedApi, "key" | "stages">;

/** Says of requests to the APIs of a project whether they are one too many. Nothing is limited unless it is set. */
export class Throttling {
  readonly #clock: Clock;
  readonly #accountLimits: () => AccountLimitsDefinition | undefined;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, accountLimits: () => AccountLimitsDefinition | undefined) {
    this.#clock = clock;
    this.#accountLimits = accountLimits;
  }

  /** Whether the bucket of a name has a token left, which is taken then. */
  admits(name: string, limit: RateLimit): boolean {
    const left = takeToken(this.#buckets.get(name), limit, this.#clock.elapsed());
    if (left === undefined) return false;
    this.#buckets.set(name, left);
    return true;
  }

  /** Why a call of `@connections` is one too many. */
  call(): string | undefined {
    const limits = this.#accountLimits();
    const limit = limits && rateLimitOf(limits);
    if (limit === undefined || this.admits("account", limit)) return undefined;
    return `the account ${inWords(limit)}`;
  }

  /** Why a handshake is one too many, before it is known who asks. */
  handshake(api: ApiStages, stage: string): string | undefined {
    const rate = this.#accountLimits()?.newConnectionsPerSecond;
    const isOneTooMany =
      rate !== undefined && !this.admits("new connections", { rate, burst: rate });
    if (isOneTooMany) return `the account takes ${rate} new connections a second`;
    return this.call() ?? this.#onStage(api, stage, "$connect", "stage");
  }

  /** Why a handshake is one too many by the limits of `$connect` itself, which come after its API key. */
  connectRoute(api: ApiStages, stage: string): string | undefined {
    return this.#onStage(api, stage, "$connect", "route");
  }

  /** Why a message is one too many; it has no `routeKey` when no route takes it. */
  message(api: ApiStages, stage: string, routeKey: string | undefined): string | undefined {
    return this.call() ?? this.#onStage(api, stage, routeKey);
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
