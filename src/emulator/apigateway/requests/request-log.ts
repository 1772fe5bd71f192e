import type { StageExecutionLog } from "../../../definition/checked-project.ts";
import type { Ids } from "../../../ids.ts";
import type { FactId, Recorder } from "../../journal/journal.ts";
import type { ApiGatewayFact } from "../facts.ts";
import type { ServedApi } from "../rules/served-api.ts";
import type { Metrics } from "./prometheus-metrics.ts";
import { accessLine, formatOf } from "./rules/access-log.ts";
import type { EndedRequest } from "./rules/ended-request.ts";
import {
  type ExecutionLogOf,
  executionLines,
  executionLogOf,
  levelOf,
  logStreamOf,
} from "./rules/execution-log.ts";

/** Receives answered requests. */
export type TakeRequest = (request: EndedRequest, because: FactId | undefined) => void;

type LoggedApi = Pick<ServedApi, "key" | "apiId" | "stages" | "routes">;

type RequestLogSettings = Pick<ExecutionLogOf, "region" | "accountId" | "arnOf"> & {
  readonly ids: Pick<Ids, "traceId" | "uuid">;
  /** Gives stages without an access log one in the default format. */
  readonly logsAccess: boolean;
  /** Gives stages without an execution log one at full level. */
  readonly logsExecution: boolean;
  readonly metrics: Metrics | undefined;
};

/** Sends answered requests of a project's gateways to access logs, execution logs and metrics. */
export class RequestLog {
  readonly #journal: Recorder<ApiGatewayFact>;
  readonly #settings: RequestLogSettings;

  constructor(journal: Recorder<ApiGatewayFact>, settings: RequestLogSettings) {
    this.#journal = journal;
    this.#settings = settings;
  }

  /** The receiver for requests of a stage; undefined if the stage records nothing. */
  of(api: LoggedApi, stage: string): TakeRequest | undefined {
    const { logsAccess, metrics } = this.#settings;
    const format = formatOf(api.stages[stage]?.accessLog?.format, logsAccess);
    const log = this.#executionLogOf(api, stage);
    if (format === undefined && metrics === undefined && log === undefined) return undefined;
    return (request, because) => {
      metrics?.count(api.apiId, stage, request);
      if (log !== undefined) this.#logExecution(api, stage, log, request, because);
      if (format === undefined) return;
      const line = accessLine(format, api, stage, request);
      const { connectionId } = request.connection;
      this.#journal.record(
        { type: "access.logged", connectionId, api: api.key, stage, line },
        because,
      );
    };
  }

  /** An id for an invocation that an execution log will contain; undefined if the stage does not have this log. */
  invocationId(api: LoggedApi, stage: string): string | undefined {
    return this.#executionLogOf(api, stage) && this.#settings.ids.uuid();
  }

  #executionLogOf({ stages }: LoggedApi, stage: string): StageExecutionLog | undefined {
    return executionLogOf(stages[stage]?.executionLog, this.#settings.logsExecution);
  }

  #logExecution(
    { key, apiId, routes }: LoggedApi,
    stage: string,
    log: StageExecutionLog,
    request: EndedRequest,
    because: FactId | undefined,
  ): void {
    const { routeKey = "" } = request;
    const { level, dataTrace } = levelOf(log, routeKey);
    if (level === "OFF") return;
    const { ids, region, accountId, arnOf } = this.#settings;
    const apiKeyRequired = routes[routeKey]?.apiKeyRequired === true;
    const place = { apiId, stage, region, accountId, arnOf, traceId: ids.traceId() };
    const about = {
      connectionId: request.connection.connectionId,
      api: key,
      stage,
      requestId: request.stamp.requestId,
      logGroup: `/aws/apigateway/${apiId}/${stage}`,
      logStream: logStreamOf(apiId, stage),
    };
    for (const line of executionLines(request, { ...place, level, dataTrace, apiKeyRequired })) {
      this.#journal.record({ type: "execution.logged", ...about, line }, because);
    }
  }
}
