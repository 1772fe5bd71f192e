import { createHash } from "node:crypto";
import type { StageExecutionLog } from "../../../../definition/checked-project.ts";
import { errorPayload } from "../../../lambda/rules/function-errors.ts";
import { parseProxyResult } from "../../integrations/rules/proxy-results.ts";
import type { CalledBackend, CalledFunction, EndedRequest } from "./ended-request.ts";

/** The route and stage of an execution log, and its level. */
export type ExecutionLogOf = {
  readonly apiId: string;
  readonly stage: string;
  readonly level: "ERROR" | "INFO";
  readonly dataTrace: boolean;
  readonly apiKeyRequired: boolean;
  readonly region: string;
  readonly accountId: string;
  /** The ARN of a function by its name in the definition. */
  readonly arnOf: (functionName: string) => string;
  /** `Root=1-…`, for the headers of a request that lacks it. */
  readonly traceId: string;
};

const EVERYTHING: StageExecutionLog = {
  level: "INFO",
  dataTrace: true,
  file: undefined,
  routes: {},
};

/** The log of a stage; `logsAll` gives stages without a log one at full level. */
export function executionLogOf(
  own: StageExecutionLog | undefined,
  logsAll: boolean,
): StageExecutionLog | undefined {
  return own ?? (logsAll ? EVERYTHING : undefined);
}

/** The level and the data trace of a route: its own settings override those of the stage. */
export function levelOf(
  { routes, ...stage }: StageExecutionLog,
  routeKey: string,
): Pick<StageExecutionLog, "level" | "dataTrace"> {
  return { ...stage, ...routes[routeKey] };
}

type Detail = "error" | "info" | "trace";
type Lines = readonly (readonly [Detail, string])[];

/** Longer lines are truncated. */
const MOST_BYTES = 1024;
const TRUNCATED = " [TRUNCATED]";

/**
 * The execution log lines of a request, in order: captured on AWS for Lambda proxies. Assumed: other
 * integrations have the same lines, `ERROR` keeps those about failures, and the gateway's own rejections have
 * the words of REST APIs.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 */
export function executionLines(request: EndedRequest, log: ExecutionLogOf): readonly string[] {
  const { requestId } = request.stamp;
  const { extendedRequestId = requestId } = request;
  const all: Lines = [
    ["info", `Extended Request Id: ${extendedRequestId}`],
    ...beginning(request, log),
    ...called(request, log),
    ...failure(request),
    ...endpointRequestId(request),
    ...ending(request, log),
  ];
  const shown: ReadonlySet<Detail> =
    log.level === "ERROR"
      ? new Set(["error"])
      : new Set(log.dataTrace ? ["error", "info", "trace"] : ["error", "info"]);
  return all
    .filter(([detail]) => shown.has(detail))
    .map(([, text]) => cut(`(${requestId}) ${text}`));
}

/** The name of the log stream: 32 lower-case hex digits, as captured; here each stage has one. */
export function logStreamOf(apiId: string, stage: string): string {
  return createHash("md5").update(`${apiId}/${stage}`).digest("hex");
}

function beginning(
  { eventType, routeKey, stamp, connection, called: integration }: EndedRequest,
  { apiId, stage, apiKeyRequired }: ExecutionLogOf,
): Lines {
  const { requestId } = stamp;
  if (routeKey === undefined) return [];
  const plan = `Verifying Usage Plan for request: ${requestId}. API Key:  API Stage: ${apiId}/${stage}`;
  const keyless = `API Key  authorized because route '${routeKey}' does not require API Key. Request will not contribute to throttle or quota limits`;
  const checked = `Usage Plan check succeeded for API Key  and API Stage ${apiId}/${stage}`;
  const planned: Lines =
    eventType === "CONNECTION_API"
      ? []
      : [
          ["info", plan],
          ...(apiKeyRequired ? [] : ([["info", keyless]] as const)),
          ["info", checked],
        ];
  const { connectionId, identity } = connection;
  const came: Readonly<Record<EndedRequest["eventType"], Lines>> = {
    CONNECT: [
      [
        "info",
        `Client [UserAgent: ${identity.userAgent ?? ""}, SourceIp: ${identity.sourceIp}] is connecting to WebSocket API [${apiId}].`,
      ],
    ],
    MESSAGE: [
      [
        "info",
        `WebSocket API [${apiId}] received message from client [Connection Id: ${connectionId}].`,
      ],
      ...(integration === undefined
        ? []
        : ([
            [
              "trace",
              `WebSocket API [${apiId}] received message from client [${connectionId}]. Message: [${JSON.stringify(integration.event)}].`,
            ],
          ] as const)),
    ],
    DISCONNECT: [],
    CONNECTION_API: [],
  };
  return [
    ...planned,
    ["info", `Starting execution for request: ${requestId}`],
    ["info", `WebSocket Request Route: [${routeKey}]`],
    ...came[eventType],
  ];
}

/** The request to the integration, and its answer. */
function called(request: EndedRequest, log: ExecutionLogOf): Lines {
  const { called: integration, call, integrationLatency = 0 } = request;
  if (call !== undefined) {
    return [
      ["trace", `Connection API request body: ${Buffer.from(call.body)}`],
      ["trace", `Connection API response body: ${call.answer.body}`],
    ];
  }
  if (integration === undefined) return [];
  const exchanged =
    integration.kind === "function"
      ? invocation(integration, request, log)
      : exchange(integration, log);
  if (exchanged === undefined) return [];
  const { uri, headers, body, answer } = exchanged;
  const asked: Lines = [
    ["trace", `Endpoint request URI: ${uri}`],
    ["trace", `Endpoint request headers: ${asMap(headers)}`],
    ["trace", `Endpoint request body after transformations: ${body}`],
    ["trace", `Sending request to ${uri}`],
  ];
  if (answer === undefined) return asked;
  const latency = `${Math.round(integrationLatency)} ms`;
  return [
    ...asked,
    ["trace", `Received response. Status: ${answer.status}, Integration latency: ${latency}`],
    ["trace", `Endpoint response headers: ${asMap(answer.headers)}`],
    ["trace", `Endpoint response body before transformations: ${answer.body}`],
  ];
}

type Headers = Readonly<Record<string, string | readonly string[]>>;

type Exchange = {
  readonly uri: string;
  readonly headers: Headers;
  readonly body: string;
  readonly answer:
    | { readonly status: number; readonly headers: Headers; readonly body: string }
    | undefined;
};

function exchange(
  { url, functionName, headers, body, answer }: CalledBackend,
  log: ExecutionLogOf,
): Exchange | undefined {
  const uri = functionName === undefined ? url : invocationUri(functionName, log);
  if (uri === undefined) return undefined;
  return {
    uri: String(uri),
    headers,
    body: Buffer.from(body).toString(),
    answer: answer && {
      status: answer.statusCode,
      headers: answer.headers,
      body: Buffer.from(answer.body).toString(),
    },
  };
}

/** The Invoke call that API Gateway makes. */
function invocation(
  { functionName, event, outcome, awsRequestId = "" }: CalledFunction,
  { stamp, routeKey }: EndedRequest,
  log: ExecutionLogOf,
): Exchange {
  const { apiId, stage, region, accountId, traceId } = log;
  const body = JSON.stringify(event);
  const date = new Date(stamp.at);
  const answered =
    outcome.kind === "timed-out"
      ? undefined
      : outcome.kind === "returned"
        ? outcome.payload
        : errorPayload(outcome);
  return {
    uri: invocationUri(functionName, log),
    headers: {
      "X-Amz-Date": date.toISOString().replaceAll(/[-:]|\.\d+/g, ""),
      "x-amzn-apigateway-api-id": apiId,
      Accept: "application/json",
      "User-Agent": `AmazonAPIGateway_${apiId}`,
      Host: lambdaHost(region),
      "X-Amz-Content-Sha256": createHash("sha256").update(body).digest("hex"),
      "X-Amzn-Trace-Id": traceId,
      "x-amzn-lambda-integration-tag": stamp.requestId,
      Authorization: "*".repeat(100),
      "X-Amz-Source-Arn": `arn:aws:execute-api:${region}:${accountId}:${apiId}/${stage}/${routeKey}`,
    },
    body,
    answer:
      answered === undefined
        ? undefined
        : {
            status: 200,
            headers: {
              Date: date.toUTCString(),
              "Content-Type": "application/json",
              "Content-Length": String(Buffer.byteLength(answered)),
              Connection: "keep-alive",
              "x-amzn-RequestId": awsRequestId,
              ...(outcome.kind === "failed" && { "X-Amz-Function-Error": "Unhandled" }),
              "x-amzn-Remapped-Content-Length": "0",
              "X-Amz-Executed-Version": "$LATEST",
              "X-Amzn-Trace-Id": traceId,
            },
            body: answered,
          },
  };
}

function invocationUri(functionName: string, { region, arnOf }: ExecutionLogOf): string {
  return `https://${lambdaHost(region)}/2015-03-31/functions/${arnOf(functionName)}/invocations`;
}

function lambdaHost(region: string): string {
  return `lambda.${region}.amazonaws.com`;
}

function failure({ called: integration, status, error, because, call }: EndedRequest): Lines {
  if (call !== undefined) {
    const type = call.answer.headers["x-amzn-ErrorType"] ?? String(status);
    return status < 400 ? [] : [["error", `Connection API request failed: ${type}`]];
  }
  if (integration?.kind === "function" && integration.outcome.kind === "failed") {
    const { errorMessage } = integration.outcome;
    const text = `Lambda execution failed with status 200 due to customer function error: ${errorMessage}. Lambda request id: ${integration.awsRequestId}`;
    return [["error", text]];
  }
  if (error === undefined) return [];
  if (status === 504) return [["error", "Execution failed due to a timeout error"]];
  const isMalformed =
    integration?.kind === "function" &&
    integration.outcome.kind === "returned" &&
    parseProxyResult(integration.outcome.payload, false).kind === "malformed";
  const why = isMalformed ? "Malformed Lambda proxy response" : because;
  if (status >= 500 && why !== undefined) {
    const cause = why.replace(/^Configuration error: /, "");
    return [["error", `Execution failed due to configuration error: ${cause}`]];
  }
  const details = error.validation === undefined ? "" : `. ${error.validation}`;
  return [["error", `Execution failed: ${error.message}${details}`]];
}

/** With an error it is useful even if requests are not logged. */
function endpointRequestId({ called: integration, error }: EndedRequest): Lines {
  const id = integration?.kind === "function" ? integration.awsRequestId : undefined;
  if (id === undefined) return [];
  return [[error === undefined ? "info" : "error", `AWS Integration Endpoint RequestId : ${id}`]];
}

function ending(
  { eventType, status, connection, close, called: integration }: EndedRequest,
  { apiId }: ExecutionLogOf,
): Lines {
  const client = `[Connection Id: ${connection.connectionId}]`;
  switch (eventType) {
    case "CONNECT":
      return status < 300
        ? [["info", `Client ${client} connected to API [${apiId}] successfully.`]]
        : [];
    case "MESSAGE": {
      const text = `Message from client ${client} sent to API [${apiId}] with response status code [${status}].`;
      return integration === undefined ? [] : [["info", text]];
    }
    case "DISCONNECT": {
      const code =
        integration === undefined ? "" : ` with integration response status code [${status}]`;
      const why = `Close reason: [${close?.code}: ${close?.reason}]`;
      return [["info", `Client ${client} disconnected from API [${apiId}]${code}. ${why}`]];
    }
    case "CONNECTION_API":
      return [["info", `Connection API request completed with status: ${status}`]];
    default:
      return eventType satisfies never;
  }
}

/** A map as Java prints it. */
function asMap(headers: Headers): string {
  const parts = Object.entries(headers).map(
    ([name, value]) => `${name}=${[value].flat().join(",")}`,
  );
  return `{${parts.join(", ")}}`;
}

/** Truncates a line at a character boundary. */
function cut(line: string): string {
  const bytes = Buffer.from(line);
  if (bytes.length <= MOST_BYTES) return line;
  const kept = bytes.subarray(0, MOST_BYTES - TRUNCATED.length).toString();
  return `${kept.replace(/\uFFFD$/, "")}${TRUNCATED}`;
}
