import { STATUS_CODES } from "node:http";
import { routeAt } from "../../../definition/called-functions.ts";
import type { IntegratedRoute, Route } from "../../../definition/checked-project.ts";
import { whyDenied } from "../../../definition/denied-calls.ts";
import { AWS_IAM } from "../../../definition/integrations.ts";
import { resolved } from "../../../definition/references.ts";
import { parseJson, stringIn } from "../../../values/json.ts";
import type { FactId } from "../../journal/journal.ts";
import type { Admitted } from "../api-keys/usage-plans.ts";
import type { AskedHandshake, Authorizers } from "../authorizers/authorizers.ts";
import type { IamAuthorization } from "../authorizers/iam-authorization.ts";
import { allowedAs } from "../authorizers/rules/authorizer-result.ts";
import { mockedIdentityOf } from "../authorizers/rules/mocked-identity.ts";
import type { GatewayParts } from "../gateway-parts.ts";
import type { CustomIntegrations } from "../integrations/custom-integrations.ts";
import type { Integrations } from "../integrations/integration-timeout.ts";
import { proxyEnd } from "../integrations/rules/integration-end.ts";
import type { Handshake } from "../ports.ts";
import type { EndedRequest } from "../requests/rules/ended-request.ts";
import { connectEvent } from "../rules/connect-event.ts";
import type {
  AuthorizerContext,
  ConnectEvent,
  ConnectionIdentity,
  SignerIdentity,
} from "../rules/event-types.ts";
import { stagesByPath } from "../rules/reachable-stages.ts";
import type { ServedApi } from "../rules/served-api.ts";
import {
  type ConnectAnswer,
  type ConnectDecision,
  interpretConnectEnd,
  interpretConnectResult,
} from "./rules/connect-result.ts";
import { screenHandshake } from "./rules/handshake-checks.ts";
import { acceptOf, describeHandshake, withHost } from "./rules/received-handshake.ts";
import {
  type HandshakeIds,
  type Rejection,
  type RejectionIds,
  reject,
  rejectDenied,
} from "./rules/rejection-responses.ts";
import { rejectIncomplete } from "./rules/required-parameters.ts";

type HandshakesParts = Pick<
  GatewayParts,
  | "clock"
  | "ids"
  | "journal"
  | "limits"
  | "mocking"
  | "nullIsSuccess"
  | "reachedBy"
  | "requests"
  | "throttling"
  | "usagePlans"
> & {
  readonly api: () => ServedApi;
  readonly integrations: Integrations;
  readonly customIntegrations: CustomIntegrations;
  readonly authorizers: Authorizers;
  readonly iamAuthorization: IamAuthorization;
  /** While false, every handshake is rejected. */
  readonly isOpen: () => boolean;
};

/** A connection that a client requested. */
type Requested = {
  readonly identity: ConnectionIdentity;
  /** `clock.elapsed()` at the start of the handshake. */
  readonly since: number;
  /** The fact that records the request. */
  readonly requested: FactId;
};

/** A requested connection to decide on, with the data of its events. */
type Asked = Requested & AskedHandshake;

/** A connection with the decision about it. */
type Judged = Asked & {
  /** Undefined if `$connect` did not run. */
  readonly integrationLatency?: number | undefined;
  /** Whether the handler rejected it, not the gateway. */
  readonly isByHandler?: boolean | undefined;
  readonly called?: EndedRequest["called"];
};

type Identified =
  | {
      readonly kind: "allowed";
      /** The authorizer's context. */
      readonly context?: AuthorizerContext | undefined;
      readonly usageIdentifierKey?: string | undefined;
      /** The signer of the handshake. */
      readonly signer?: SignerIdentity;
    }
  | Rejection;

const DISABLED =
  "the API has disableExecuteApiEndpoint, so AWS serves it only at its custom domain";

/** Answers handshakes: holds the upgrade while `$connect` runs and decides by its result. */
export class Handshakes {
  readonly #parts: HandshakesParts;
  /** Connections that `$connect` accepted. They receive no posts until the 101 is sent. */
  readonly #accepted = new Map<string, Requested>();
  #hasRejectedHeld = false;

  constructor(parts: HandshakesParts) {
    this.#parts = parts;
  }

  async connect(handshake: Handshake): Promise<ConnectDecision> {
    const { clock, ids, limits, reachedBy } = this.#parts;
    const since = clock.elapsed();
    const api = this.#parts.api();
    const reached = reachedBy(handshake.rawHeaders);
    const answerIds = { requestId: ids.uuid(), apigwId: ids.requestId() };
    const screened = this.#parts.isOpen()
      ? screenHandshake(handshake, stagesByPath(api, reached.entrance), limits, answerIds)
      : reject("stopping", answerIds);
    if (screened.kind === "reject") {
      const isDisabled = api.disableExecuteApiEndpoint && reached.entrance === "execute-api";
      const because = isDisabled ? DISABLED : screened.because;
      const path = because === "unknown-stage" ? handshake.url.split("?")[0] : undefined;
      return this.#rejected({ ...screened, because }, since, undefined, path);
    }

    const stamp = { requestId: ids.requestId(), at: clock.now() };
    const identity: ConnectionIdentity = {
      connectionId: ids.connectionId(),
      connectedAt: stamp.at,
      stage: screened.stage,
      stageVariables: resolved(api.stages[screened.stage]?.variables ?? {}),
      domainName: reached.domainName,
      apiId: api.apiId,
      identity: describeHandshake(handshake),
    };
    const requested = this.#recordRequest(identity, api.key, handshake);
    const rawHeaders = withHost(handshake.rawHeaders, reached.host);
    const sent = { url: handshake.url, rawHeaders, traceId: ids.traceId() };
    const asked = { identity, since, requested, sent, stamp };

    const throttledBecause = this.#parts.throttling.handshake(api, screened.stage);
    if (throttledBecause !== undefined) {
      return this.#rejected(reject("throttled", answerIds, throttledBecause), since, asked);
    }
    const identified = this.#identified(api, handshake, asked, answerIds);
    const known = identified instanceof Promise ? await identified : identified;
    if (known.kind === "reject") return this.#rejected(known, since, asked);
    const admitted = this.#admit(api, asked, known.usageIdentifierKey, answerIds);
    if (admitted.kind === "reject") return this.#rejected(admitted, since, asked);
    const { context, signer } = known;
    const { $connect } = api.routes;
    return this.#integrate($connect && routeAt($connect, screened.stage), admitted.identity, {
      ...asked,
      identity: {
        ...identity,
        ...(signer && { identity: { ...identity.identity, ...signer } }),
        ...(context && { authorizer: context }),
      },
    });
  }

  /** Checks the client's API key and the limits of the route `$connect`. */
  #admit(
    api: ServedApi,
    { identity: { stage }, sent: { rawHeaders } }: Asked,
    usageIdentifierKey: string | undefined,
    answerIds: RejectionIds,
  ): Admitted | Rejection {
    const { throttling, usagePlans } = this.#parts;
    const admission = usagePlans.admit({ api, stage, rawHeaders, usageIdentifierKey });
    if (admission.kind === "rejected") return reject(admission.cause, answerIds, admission.because);
    const throttledBecause = throttling.connectRoute(api, stage);
    return throttledBecause === undefined
      ? admission
      : reject("throttled", answerIds, throttledBecause);
  }

  /**
   * Identifies the client by its mock identity, else by its signature or the authorizer, as `$connect`
   * requires.
   */
  #identified(
    { authorizers, identities, routes }: ServedApi,
    handshake: Handshake,
    asked: Asked,
    answerIds: RejectionIds,
  ): Identified | Promise<Identified> {
    const { mocking } = this.#parts;
    const mocked = mockedIdentityOf(handshake.mockedIdentity, identities, mocking);
    if (typeof mocked === "string") return rejectedMock(mocked, asked);
    const wanted = routes.$connect?.authorizer ?? "";
    if (wanted === AWS_IAM) {
      return this.#parts.iamAuthorization.authorize(
        { ...asked, answerIds, handshake, identities },
        mocked,
      );
    }
    if (mocked !== undefined) return allowedAs(mocked);
    const authorizer = authorizers[wanted];
    return authorizer === undefined
      ? { kind: "allowed" }
      : this.#parts.authorizers.authorize(authorizer, asked);
  }

  /** Runs the integration of `$connect`, if it has one. */
  async #integrate(
    route: Route | undefined,
    apiKey: Admitted["identity"],
    asked: Asked,
  ): Promise<ConnectDecision> {
    if (route === undefined || route.integration.type === "none") {
      return this.#accept(asked, undefined);
    }
    const { identity, sent, stamp, since, requested } = asked;
    const ids = { connectionId: identity.connectionId, requestId: stamp.requestId };
    const denied = whyDenied(route, identity.stage);
    if (denied !== undefined) return this.#rejected(rejectDenied(ids, denied), since, asked);
    const event = connectEvent(identity, sent, stamp, apiKey);
    const incomplete = rejectIncomplete(route.requestParameters ?? {}, event, ids);
    if (incomplete !== undefined) return this.#rejected(incomplete, since, asked);
    const { clock } = this.#parts;
    const isMock = route.integration.type === "mock";
    const calledAt = clock.elapsed();
    const integrated = { ...route, integration: route.integration };
    const answering = this.#answerOf(integrated, event, requested, ids);
    const { isByHandler, called, ...answer } = await answering;
    const integrationLatency = isMock ? undefined : clock.elapsed() - calledAt;
    const judged = { ...asked, integrationLatency, isByHandler, called };
    return answer.kind === "reject"
      ? this.#rejected(answer, since, judged)
      : this.#accept(judged, answer.subprotocol);
  }

  async #answerOf(
    route: IntegratedRoute,
    event: ConnectEvent,
    because: FactId,
    ids: HandshakeIds,
  ): Promise<ConnectAnswer & Pick<Judged, "isByHandler" | "called">> {
    const { api, customIntegrations, integrations, nullIsSuccess, requests } = this.#parts;
    const { integration } = route;
    if (integration.type === "lambda-proxy") {
      const functionName = integration.function;
      const { qualifier } = route;
      const awsRequestId = requests.invocationId(api(), event.requestContext.stage);
      const call = { functionName, qualifier, payload: event, awsRequestId, because };
      const outcome = await integrations.run(call, route.integrationTimeout);
      const answer = interpretConnectResult(outcome, nullIsSuccess, ids);
      const end = proxyEnd(outcome, nullIsSuccess);
      const isByHandler =
        answer.kind === "reject" && end.kind === "answered" && end.statusCode === answer.statusCode;
      const called = { kind: "function", functionName, event, awsRequestId, outcome } as const;
      return { isByHandler, called, ...answer };
    }
    const request = { api: api().key, route: { ...route, integration }, event, because };
    const end = await customIntegrations.run(request);
    return {
      called: end.called && { event, ...end.called },
      ...interpretConnectEnd(end, integration, ids, STATUS_CODES as Record<number, string>),
    };
  }

  /** Ignores later answers: the clients have already received that of a stopping gateway. */
  rejectedHeld(): void {
    this.#hasRejectedHeld = true;
  }

  /** Removes and returns an accepted connection. */
  take(connectionId: string): Requested | undefined {
    const entry = this.#accepted.get(connectionId);
    this.#accepted.delete(connectionId);
    return entry;
  }

  #recordRequest(
    { connectionId, stage, identity }: ConnectionIdentity,
    api: string,
    { url, rawHeaders }: Handshake,
  ): FactId {
    const { sourceIp, userAgent } = identity;
    return this.#parts.journal.record({
      type: "connection.requested",
      connectionId,
      api,
      stage,
      handshakeId: acceptOf(rawHeaders),
      sourceIp,
      userAgent,
      url,
    });
  }

  #accept(judged: Judged, subprotocol: string | undefined): ConnectDecision {
    const { identity, since, requested } = judged;
    const { connectionId } = identity;
    this.#report(judged, 200);
    this.#accepted.set(connectionId, { identity, since, requested });
    return { kind: "accept", connectionId, subprotocol };
  }

  #rejected(decided: Rejection, since: number, asked?: Judged, path?: string): Rejection {
    const { clock, ids, journal } = this.#parts;
    const rejection = this.#hasRejectedHeld
      ? reject("stopping", { requestId: ids.uuid(), apigwId: ids.requestId() })
      : decided;
    const { statusCode, because } = rejection;
    const durationMs = clock.elapsed() - since;
    const connectionId = asked?.identity.connectionId;
    journal.record(
      {
        type: "connection.refused",
        connectionId,
        statusCode,
        because,
        ...(path !== undefined && { path }),
        durationMs,
      },
      asked?.requested,
    );
    if (asked !== undefined) {
      const error = asked.isByHandler === true ? undefined : messageIn(rejection);
      this.#report(asked, statusCode, error, because);
    }
    return rejection;
  }

  #report(
    { identity, stamp, requested, integrationLatency, called }: Judged,
    status: number,
    message?: string,
    because?: string,
  ): void {
    const { api, requests } = this.#parts;
    requests.of(api(), identity.stage)?.(
      {
        eventType: "CONNECT",
        routeKey: "$connect",
        status,
        stamp,
        connection: identity,
        integrationLatency,
        error: message === undefined ? undefined : { message },
        called,
        because,
      },
      requested,
    );
  }
}

/** The message in the body of a rejection. */
function messageIn({ body }: Rejection): string | undefined {
  const said = parseJson(body)?.value;
  return stringIn(said, "message") ?? stringIn(said, "Message");
}

/** Not a response of AWS's: only a local client can set a mock identity. */
function rejectedMock(because: string, { stamp }: Asked): Rejection {
  const ids = { requestId: stamp.requestId, apigwId: stamp.requestId };
  return reject("malformed", ids, because);
}
