import type { CustomIntegration, Route } from "../../../definition/checked-project.ts";
import { whyDenied } from "../../../definition/denied-calls.ts";
import { resolved, resolveValue, type Value, type Values } from "../../../definition/references.ts";
import { mapValues } from "../../../values/map-values.ts";
import { integrationCaller } from "../../iam/permissions.ts";
import type { FactId } from "../../journal/journal.ts";
import type { GatewayParts } from "../gateway-parts.ts";
import type { Strings, WebSocketEvent } from "../rules/event-types.ts";
import type { CompiledTemplate } from "../vtl/render-template.ts";
import { callService, type ServiceDoor } from "./aws-service.ts";
import type { BackendOutcome, CallOutcome, StepIntoIntegration } from "./calls.ts";
import { callBackend } from "./http-backend.ts";
import type { Integrations } from "./integration-timeout.ts";
import { callFunction } from "./lambda-backend.ts";
import { convertContent } from "./rules/content-handling.ts";
import { fillUri } from "./rules/fill-uri.ts";
import { type BackendRequest, customRequest, proxyRequest } from "./rules/http-request.ts";
import {
  failed,
  type IntegrationEnd,
  type IntegrationFailure,
  TIMED_OUT,
} from "./rules/integration-end.ts";
import { type BackendAnswer, chooseResponse, literalStatus } from "./rules/integration-response.ts";
import { BARE_OUTPUT, mockAnswer } from "./rules/mock-integration.ts";
import { choosePayload } from "./rules/passthrough-behavior.ts";
import { bodyOf, requestParameters } from "./rules/request-parameters.ts";
import { inBody, selectTemplate } from "./rules/select-template.ts";
import { deniedAnswer, neededByCall } from "./rules/service-permissions.ts";
import { type ServiceCall, serviceCall } from "./rules/service-request.ts";
import { callBehindVpcLink } from "./vpc-link.ts";

/** A request of a route with an integration other than Lambda proxy. */
export type IntegrationRequest = {
  /** The API, by its name in the project. */
  readonly api: string;
  readonly route: Route & { readonly integration: CustomIntegration };
  /** The event that a Lambda proxy would get, the source of all template variables and parameters. */
  readonly event: WebSocketEvent;
  /** The fact that caused the request. */
  readonly because: FactId;
};

type Parts = Pick<
  GatewayParts,
  "accountId" | "clock" | "iam" | "ids" | "invoke" | "journal" | "stepIntoIntegration"
> & {
  readonly integrations: Integrations;
  readonly services: ServiceDoor;
};

/** The request to make, and what the journal records about it. */
type Call = {
  readonly target: string;
  readonly url?: URL;
  readonly functionName?: string;
  readonly headers: BackendRequest["headers"];
  readonly body: Uint8Array;
  readonly start: (called: FactId, signal: AbortSignal) => Promise<CallOutcome>;
};

/**
 * Runs the integrations whose requests the gateway makes itself, from the request template to the response.
 */
export class CustomIntegrations {
  readonly #parts: Parts;
  readonly #compiled = new Map<string, CompiledTemplate>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async run(request: IntegrationRequest): Promise<IntegrationEnd> {
    const denied = whyDenied(request.route, request.event.requestContext.stage);
    if (denied !== undefined) return failed(500, denied);
    const payload = await this.#payloadOf(request);
    if ("kind" in payload) return payload;
    const call = this.#callOf(request, payload);
    if ("kind" in call) return call;
    const answer = await this.#answerTo(request, call);
    const end = answer.kind === "failed" ? answer : await this.#endOf(request, answer);
    const { url, functionName, headers, body } = call;
    const answered = answer.kind === "failed" ? undefined : answer;
    const called = { kind: "backend", url, functionName, headers, body, answer: answered } as const;
    return { called, ...end };
  }

  /** The output of the request template, or the message itself. */
  async #payloadOf({
    route: { integration },
    event,
  }: IntegrationRequest): Promise<Uint8Array | IntegrationFailure> {
    const body = bodyOf(event);
    if (integration.type === "http-proxy") return Buffer.from(body);
    const { requestTemplates, contentHandling, ...rest } = integration;
    const payload = choosePayload({ ...rest, requestTemplates: textsOf(requestTemplates) }, body);
    if (payload.kind === "failed") return payload;
    // without a template a mock has no source for its status
    const isBare =
      integration.type === "mock" &&
      payload.kind === "passed-through" &&
      Object.keys(requestTemplates ?? {}).length === 0;
    if (isBare) return Buffer.from(BARE_OUTPUT);
    const text =
      payload.kind === "passed-through"
        ? body
        : await this.#render("request", payload.source, event, body);
    if (typeof text !== "string") return text;
    const converted = convertContent(Buffer.from(text), contentHandling);
    return (
      converted ?? failed(500, "CONVERT_TO_BINARY needs base64, but the request is not base64")
    );
  }

  #callOf(asked: IntegrationRequest, payload: Uint8Array): Call | IntegrationFailure {
    const { route, event } = asked;
    const { integration } = route;
    if (integration.type === "mock") return mockCall(payload);
    const parameters = requestParameters(textsOf(integration.requestParameters) ?? {}, event);
    if (integration.type === "lambda") {
      const called = { functionName: integration.function, qualifier: route.qualifier };
      return this.#functionCall(called, parameters.header, payload);
    }
    const uri = fillUri(textOf(integration.uri), event.stageVariables, parameters.path);
    const sender = { apiId: event.requestContext.apiId, traceId: this.#parts.ids.traceId() };
    const { method = "POST" } = integration;
    if (integration.type === "aws") {
      const call = serviceCall({ uri, method }, parameters, payload, sender);
      if (call === undefined) return failed(500, `${uri} is not the URI of a service`);
      return this.#serviceCall(call, asked);
    }
    if (!URL.canParse(uri)) return failed(500, `${uri} is not a URL`);
    const target = { method, url: new URL(uri) };
    const request =
      integration.type === "http-proxy"
        ? proxyRequest(target, parameters, event, sender)
        : customRequest(target, parameters, payload, sender);
    return {
      ...request,
      target: `${request.method} ${request.url}`,
      start: (_, signal) => this.#callHttp(request, integration.vpcLink, event, signal),
    };
  }

  /** Calls the backend of a URI, or where its VPC link leads on this machine. */
  #callHttp(
    request: BackendRequest,
    vpcLink: string | undefined,
    { stageVariables }: WebSocketEvent,
    signal: AbortSignal,
  ): Promise<BackendOutcome> {
    if (vpcLink === undefined) return callBackend(request, signal);
    const id = fillUri(vpcLink, stageVariables);
    return callBehindVpcLink(request, id, this.#parts.services.vpcLinkOf(id), signal);
  }

  #functionCall(
    called: { readonly functionName: string; readonly qualifier: string | undefined },
    headers: Strings,
    body: Uint8Array,
  ): Call {
    const isAsync = Object.entries(headers).some(
      ([name, value]) => name.toLowerCase() === "x-amz-invocation-type" && value === "Event",
    );
    const payload = Buffer.from(body).toString();
    return {
      target: called.functionName,
      functionName: called.functionName,
      headers,
      body,
      start: (because) =>
        callFunction(this.#parts.invoke, { ...called, payload, isAsync, because }),
    };
  }

  #serviceCall(call: ServiceCall, { api, route, event }: IntegrationRequest): Call {
    const { accountId, clock, iam, ids, services } = this.#parts;
    const { connectionId, requestId } = event.requestContext;
    const functionName = integrationCaller(api, route.routeKey);
    const { operation, request } = call;
    return {
      ...request,
      url: request.url,
      target: `${call.service} ${operation ?? `${request.method} ${request.url.pathname}`}`,
      async start(started, signal) {
        for (const { resource, ...needed } of neededByCall(call, accountId)) {
          const asked = { functionName, ...needed, resource: () => resource, because: started };
          const denied = iam.check(asked);
          if (denied === undefined) continue;
          return { kind: "answered", ...deniedAnswer(call.service, denied) };
        }
        const cause = { started, connectionId, requestId, uuid: ids.uuid() };
        const made = () => ({ uuid: ids.uuid(), at: clock.now(), accountId });
        return callService(services, call, cause, made, signal);
      },
    };
  }

  /** Calls the backend and records start and end of the call. */
  async #answerTo(
    { api, route, event, because }: IntegrationRequest,
    call: Call,
  ): Promise<({ readonly kind: "answered" } & BackendAnswer) | IntegrationFailure> {
    const { clock, integrations, journal, stepIntoIntegration = straight } = this.#parts;
    const { connectionId, requestId } = event.requestContext;
    const of = { connectionId, requestId, routeKey: route.routeKey };
    const called = journal.record(
      {
        type: "integration.called",
        ...of,
        api,
        integrationType: route.integration.type,
        target: call.target,
        headers: mapValues(call.headers, String),
        body: Buffer.from(call.body).toString(),
      },
      because,
    );
    const since = clock.elapsed();
    const abort = new AbortController();
    const ended = await integrations.within(
      () =>
        stepIntoIntegration({ connectionId, routeKey: route.routeKey, because: called }, () =>
          call.start(called, abort.signal),
        ),
      route.integrationTimeout,
    );
    if (ended.kind === "timed-out") abort.abort();
    const isRecorded = ended.kind === "answered" && ended.isRecorded === true;
    journal.record(
      {
        type: "integration.answered",
        ...of,
        target: call.target,
        outcome: recorded(ended),
        isRecorded,
        durationMs: clock.elapsed() - since,
      },
      called,
    );
    switch (ended.kind) {
      case "answered":
        return ended;
      case "failed":
        return failed(502, ended.because);
      case "timed-out":
        return TIMED_OUT;
      default:
        return ended satisfies never;
    }
  }

  /** Applies the integration response to the backend's answer. */
  async #endOf(
    { route: { integration }, event }: IntegrationRequest,
    answer: BackendAnswer,
  ): Promise<IntegrationEnd> {
    const { statusCode, body } = answer;
    const responses = integration.type === "http-proxy" ? undefined : integration.responses;
    const chosen = chooseResponse(withTexts(responses), answer, integration.type === "lambda");
    if (chosen.kind === "passed-through")
      return { kind: "answered", statusCode, text: Buffer.from(body).toString() };
    if (chosen.kind === "none") return failed(500, chosen.because);
    const { key, response } = chosen;
    const converted = convertContent(body, response.contentHandling);
    if (converted === undefined)
      return failed(500, "CONVERT_TO_BINARY needs base64, but the response is not base64");
    const text = Buffer.from(converted).toString();
    const source = selectTemplate(
      response.templates,
      response.templateSelectionExpression,
      variablesOf(answer, event),
    );
    const rendered =
      source === undefined ? text : await this.#render("response", source, event, text);
    if (typeof rendered !== "string") return rendered;
    return { kind: "answered", statusCode: literalStatus(key) ?? statusCode, text: rendered };
  }

  async #compile(source: string): Promise<CompiledTemplate> {
    const { compileTemplate } = await import("../vtl/render-template.ts");
    const compiled = compileTemplate(source);
    this.#compiled.set(source, compiled);
    return compiled;
  }

  async #render(
    which: "request" | "response",
    source: string,
    event: WebSocketEvent,
    body: string,
  ): Promise<string | IntegrationFailure> {
    const template = this.#compiled.get(source) ?? (await this.#compile(source));
    const querystring = "queryStringParameters" in event ? event.queryStringParameters : undefined;
    const rendered = template.render({
      body,
      context: event.requestContext,
      stageVariables: event.stageVariables ?? {},
      params: {
        path: {},
        querystring: querystring ?? {},
        header: "headers" in event ? event.headers : {},
      },
    });
    if (rendered.kind === "rendered") return rendered.text;
    const { problem, line, column, value } = rendered;
    const at = `line ${line}, column ${column}`;
    return failed(
      500,
      `the ${which} template fails at ${at}: ${problem}${value === undefined ? "" : ` (${value})`}`,
    );
  }
}

/** What a backend answered, as the journal records it. */
function recorded(ended: BackendOutcome | { readonly kind: "timed-out" }) {
  switch (ended.kind) {
    case "answered": {
      const { kind, statusCode, body } = ended;
      return { kind, statusCode, body: Buffer.from(body).toString() };
    }
    case "failed":
      return { kind: ended.kind, because: ended.because };
    case "timed-out":
      return ended;
    default:
      return ended satisfies never;
  }
}

const straight: StepIntoIntegration = (_, start) => start();

function mockCall(payload: Uint8Array): Call | IntegrationFailure {
  const answer = mockAnswer(Buffer.from(payload).toString());
  if ("kind" in answer) return answer;
  const start = async () => ({ kind: "answered", ...answer }) as const;
  return { target: "mock", headers: {}, body: payload, start };
}

/** The variables in the selection expression of a response template. */
function variablesOf(
  { statusCode, headers }: BackendAnswer,
  event: WebSocketEvent,
): (name: string) => string | undefined {
  const body = inBody(bodyOf(event));
  return (name) => {
    if (/^(?:integration\.)?response\.statuscode$/i.test(name)) return String(statusCode);
    const header = /^integration\.response\.(multivalue)?header\.(.+)$/.exec(name);
    const values = header === null ? undefined : headers[(header[2] ?? "").toLowerCase()];
    return header === null
      ? body(name)
      : header[1] === undefined
        ? values?.at(-1)
        : values?.join(",");
  };
}

/** References are resolved before this. */
function textsOf(values: Values | undefined): Strings | undefined {
  return values && resolved(values);
}

function textOf(value: Value): string {
  return resolveValue(value, (name) => {
    throw new Error(`The reference ${name} is not resolved.`);
  });
}

type Responses = NonNullable<Extract<CustomIntegration, { readonly type: "mock" }>["responses"]>;

function withTexts(responses: Responses | undefined) {
  return (
    responses &&
    mapValues(responses, ({ templates, ...response }) => ({
      ...response,
      templates: textsOf(templates),
    }))
  );
}
