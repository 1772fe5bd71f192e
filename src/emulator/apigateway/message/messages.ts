import { routeAt } from "../../../definition/called-functions.ts";
import { whyDenied } from "../../../definition/denied-calls.ts";
import type { FactId } from "../../journal/journal.ts";
import type { Connection, Connections } from "../connections.ts";
import type { Disconnects } from "../disconnect/disconnects.ts";
import type { GatewayParts } from "../gateway-parts.ts";
import type {
  CustomIntegrations,
  IntegrationRequest,
} from "../integrations/custom-integrations.ts";
import type { Integrations } from "../integrations/integration-timeout.ts";
import { errorFrame } from "../integrations/rules/error-frame.ts";
import { proxyEnd } from "../integrations/rules/integration-end.ts";
import type { IncomingMessage } from "../ports.ts";
import type { EndedRequest } from "../requests/rules/ended-request.ts";
import type { MessageEvent, Stamp } from "../rules/event-types.ts";
import { messageEvent } from "../rules/message-event.ts";
import { type RejectedMessage, rejectMessage, screenMessage } from "./rules/rejected-message.ts";
import { type MessageAnswer, messageAnswer } from "./rules/route-response.ts";
import { selectRoute } from "./rules/route-selection.ts";
import type { RoutedApi } from "./rules/routed-api.ts";

type MessagesParts = Pick<
  GatewayParts,
  "clock" | "ids" | "journal" | "limits" | "nullIsSuccess" | "requests" | "throttling"
> & {
  readonly api: () => RoutedApi;
  readonly connections: Connections;
  readonly disconnects: Disconnects;
  readonly integrations: Integrations;
  readonly customIntegrations: CustomIntegrations;
};

type Text = Extract<IncomingMessage, { readonly kind: "text" }>;
type Route = RoutedApi["routes"][string];

/** A message with the result of route selection. */
type Message = {
  readonly connection: Connection;
  readonly stamp: Stamp;
  readonly messageId: string;
  /** `clock.elapsed()` at its arrival. */
  readonly since: number;
  /** Undefined if no route matches. */
  readonly route: Route | undefined;
  /** Why this route was selected, or none. */
  readonly because: string;
  /** The fact that records the selection. */
  readonly selected: FactId;
};

/** The end of a message, for logs. */
type Ended = {
  readonly status: () => number;
  /** `clock.elapsed()` when the integration was called; undefined if it was not. */
  readonly since?: number | undefined;
  /** Why a body is not valid. */
  readonly details?: string | undefined;
  readonly called?: EndedRequest["called"];
};

/** Answers the messages of a gateway's connections with the integrations of their routes. */
export class Messages {
  readonly #parts: MessagesParts;

  constructor(parts: MessagesParts) {
    this.#parts = parts;
  }

  /** Resolves when the message is answered. */
  async answer(connectionId: string, incoming: IncomingMessage): Promise<void> {
    const { api, connections, disconnects, limits, throttling } = this.#parts;
    const connection = connections.get(connectionId);
    if (connection === undefined) return; // closed while the frame was in flight
    if (incoming.kind === "binary") return void disconnects.end(connectionId, "binary-message");
    if (incoming.bytes > limits.messageBytes)
      return void disconnects.end(connectionId, "too-large");

    const message = this.#receive(connection, incoming);
    const { because } = message;
    const { text } = incoming;
    const { stage } = connection.identity;
    const throttledBecause = throttling.message(api(), stage, message.route?.routeKey);
    const screened = screenMessage(
      { text, route: message.route, because },
      throttledBecause,
      api().requestModels,
    );
    if (screened.kind === "rejected") return this.#reject(message, screened);
    const { route } = screened;
    const { integration } = route;
    // Returning these promises would cost each message two more turns of the microtask queue.
    if (integration.type === "lambda-proxy") {
      await this.#answerByFunction(message, route, integration.function, text);
    } else {
      await this.#answerByTemplates(message, { ...route, integration }, text);
    }
  }

  async #answerByFunction(
    message: Message,
    route: Route,
    functionName: string,
    text: string,
  ): Promise<void> {
    const { api, clock, integrations, limits, nullIsSuccess, requests } = this.#parts;
    const { stage } = message.connection.identity;
    const since = clock.elapsed();
    const denied = whyDenied(route, stage);
    if (denied !== undefined) {
      return this.#reject(message, rejectMessage("Internal server error", denied), since);
    }
    const event = eventOf(message, route.routeKey, text);
    const { qualifier } = route;
    const awsRequestId = requests.invocationId(api(), stage);
    const call = {
      functionName,
      qualifier,
      payload: event,
      awsRequestId,
      because: message.selected,
    };
    const outcome = await integrations.run(call, route.integrationTimeout);
    const end = proxyEnd(outcome, nullIsSuccess);
    const { messageBytes } = limits;
    const answer = messageAnswer(end, { twoWay: route.routeResponse, messageBytes });
    this.#reply(message, answer);
    this.#report(message, answer, {
      status: () => end.statusCode,
      since,
      called: { kind: "function", functionName, event, awsRequestId, outcome },
    });
  }

  /** Answers with the gateway's own error, before any integration. */
  #reject(message: Message, rejected: RejectedMessage, since?: number): void {
    const { message: text, statusCode, because, details } = rejected;
    const answer = { kind: "error", message: text, because } as const;
    this.#reply(message, answer);
    this.#report(message, answer, { status: () => statusCode, details, since });
  }

  #receive(connection: Connection, { text, bytes }: Text): Message {
    const { clock, connections, ids, journal } = this.#parts;
    const { connectionId } = connection.identity;
    const since = clock.elapsed();
    const stamp = { requestId: ids.requestId(), at: clock.now() };
    const { requestId } = stamp;
    connections.active(connection, "message", stamp.at);
    const received = journal.record({
      type: "message.received",
      connectionId,
      requestId,
      text,
      bytes,
    });
    const api = this.#parts.api();
    const selection = selectRoute(api.routeKeys, api.expression, text);
    const selected = journal.record(
      { type: "route.selected", connectionId, api: api.key, requestId, selection },
      received,
    );
    const selectedRoute = selection.kind === "route" ? api.routes[selection.routeKey] : undefined;
    const route = selectedRoute && routeAt(selectedRoute, connection.identity.stage);
    const messageId = ids.messageId(connectionId);
    return { connection, stamp, messageId, since, route, because: selection.because, selected };
  }

  async #answerByTemplates(
    message: Message,
    route: IntegrationRequest["route"],
    text: string,
  ): Promise<void> {
    const { api, clock, customIntegrations, limits } = this.#parts;
    const { selected: because } = message;
    const event = eventOf(message, route.routeKey, text);
    const since = route.integration.type === "mock" ? undefined : clock.elapsed();
    const end = await customIntegrations.run({ api: api().key, route, event, because });
    const { messageBytes } = limits;
    const answer = messageAnswer(end, { twoWay: route.routeResponse, messageBytes });
    this.#reply(message, answer);
    this.#report(message, answer, {
      status: () => end.statusCode,
      since,
      called: end.called && { event, ...end.called },
    });
  }

  #reply({ connection, stamp, since, route, selected }: Message, answer: MessageAnswer): void {
    const { clock, connections, journal } = this.#parts;
    const { connectionId } = connection.identity;
    const { requestId } = stamp;
    if (answer.kind === "reply") connections.send(connection, answer.text, "reply", selected);
    if (answer.kind === "error") {
      const frame = errorFrame(answer.message, connectionId, requestId);
      connections.send(connection, frame, "error", selected);
    }
    journal.record(
      {
        type: "message.answered",
        connectionId,
        requestId,
        routeKey: route?.routeKey,
        answer: answer.kind,
        because: answer.because,
        durationMs: clock.elapsed() - since,
      },
      selected,
    );
  }

  #report(
    message: Message,
    answer: MessageAnswer,
    { status, since, details, called }: Ended,
  ): void {
    const { api, clock, requests } = this.#parts;
    const { connection, stamp, messageId, route, selected } = message;
    const { identity } = connection;
    const take = requests.of(api(), identity.stage);
    if (take === undefined) return;
    take(
      {
        eventType: "MESSAGE",
        routeKey: route?.routeKey,
        status: status(),
        stamp,
        connection: identity,
        messageId,
        integrationLatency: since === undefined ? undefined : clock.elapsed() - since,
        error:
          answer.kind === "error" ? { message: answer.message, validation: details } : undefined,
        called,
        because: answer.because,
        isAnswered: answer.kind !== "silence",
      },
      selected,
    );
  }
}

function eventOf(
  { connection, stamp, messageId }: Message,
  routeKey: string,
  text: string,
): MessageEvent {
  return messageEvent(connection.identity, { routeKey, messageId, text }, stamp);
}
