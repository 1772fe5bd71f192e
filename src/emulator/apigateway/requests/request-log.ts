import { ACCESS_LOG_FORMAT } from "../../../definition/access-log.ts";
import type { FactId, Recorder } from "../../journal/journal.ts";
import type { ApiGatewayFact } from "../facts.ts";
import type { ServedApi } from "../rules/served-api.ts";
import type { Metrics } from "./metrics.ts";
import { accessLine } from "./rules/access-line.ts";
import type { EndedRequest } from "./rules/ended-request.ts";

/** Takes requests that have been answered. */
export type TakeRequest = (request: EndedRequest, because: FactId | undefined) => void;

/** Where the gateways of a project report requests that have been answered: to access logs and metrics. */
export class RequestLog {
  readonly #journal: Recorder<ApiGatewayFact>;
  readonly #logsAll: boolean;
  readonly #metrics: Metrics | undefined;

  /** `logsAll` gives stages without an access log one in the usual format. */
  constructor(journal: Recorder<ApiGatewayFact>, logsAll: boolean, metrics?: Metrics) {
    this.#journal = journal;
    this.#logsAll = logsAll;
    this.#metrics = metrics;
  }

  /** Takes the requests of a stage; undefined where nothing becomes of them. */
  of(api: Pick<ServedApi, "key" | "apiId" | "stages">, stage: string): TakeRequest | undefined {
    const own = api.stages[stage]?.accessLog?.format;
    const format = own ?? (this.#logsAll ? ACCESS_LOG_FORMAT : undefined);
    if (format === undefined && this.#metrics === undefined) return undefined;
    return (request, because) => {
      this.#metrics?.count(api.apiId, stage, request);
      if (format === undefined) return;
      const line = accessLine(format, api, stage, request);
      const { connectionId } = request.connection;
      this.#journal.record(
        { type: "access.logged", connectionId, api: api.key, stage, line },
        because,
      );
    };
  }
}
