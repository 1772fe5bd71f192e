import { ACCESS_LOG_FORMAT } from "../../../definition/access-log.ts";
import type { FactId, Recorder } from "../../journal/journal.ts";
import type { ApiGatewayFact } from "../facts.ts";
import type { ServedApi } from "../rules/served-api.ts";
import { accessLine } from "./rules/access-line.ts";
import type { EndedRequest } from "./rules/ended-request.ts";

/** Takes requests that have been answered. */
export type TakeRequest = (request: EndedRequest, because: FactId | undefined) => void;

/** Where the gateways of a project report requests that have been answered: to the access logs of their stages. */
export class RequestLog {
  readonly #journal: Recorder<ApiGatewayFact>;
  readonly #logsAll: boolean;

  /** `logsAll` gives stages without an access log one in the usual format. */
  constructor(journal: Recorder<ApiGatewayFact>, logsAll: boolean) {
    this.#journal = journal;
    this.#logsAll = logsAll;
  }

  /** Takes the requests of a stage; undefined where nothing becomes of them. */
  of(api: Pick<ServedApi, "key" | "apiId" | "stages">, stage: string): TakeRequest | undefined {
    const format = api.stages[stage]?.accessLog?.format;
    if (format === undefined && !this.#logsAll) return undefined;
    return (request, because) => {
      const line = accessLine(format ?? ACCESS_LOG_FORMAT, api, stage, request);
      const { connectionId } = request.connection;
      this.#journal.record(
        { type: "access.logged", connectionId, api: api.key, stage, line },
        because,
      );
    };
  }
}
