import type { Authorizer } from "../../../definition/checked-project.ts";
import type { FactId } from "../../journal/journal.ts";
import { type Rejection, rejectWithMessage } from "../connect/rules/rejection-responses.ts";
import type { GatewayParts } from "../gateway-parts.ts";
import type { Integrations } from "../integrations/integration-timeout.ts";
import type { SentHandshake } from "../rules/connect-event.ts";
import type { ConnectionIdentity, Stamp } from "../rules/event-types.ts";
import { type AuthorizerEvent, authorizerEvent } from "./rules/authorizer-event.ts";
import {
  type Allowed,
  type AuthorizerVerdict,
  failed,
  interpretAuthorizerResult,
  LONGEST_WAIT_MS,
} from "./rules/authorizer-result.ts";
import { connectArn } from "./rules/connect-permission.ts";
import { missingSource } from "./rules/identity-sources.ts";

type AuthorizersParts = Pick<GatewayParts, "accountId" | "clock" | "region"> & {
  readonly integrations: Integrations;
};

/** A handshake for an authorizer to decide on. */
export type AskedHandshake = {
  readonly identity: ConnectionIdentity;
  readonly sent: SentHandshake;
  readonly stamp: Stamp;
  readonly requested: FactId;
};

export type Authorized = Allowed | Rejection;

/** Calls the Lambda authorizer for every handshake: WebSocket APIs do not cache its responses. */
export class Authorizers {
  readonly #parts: AuthorizersParts;

  constructor(parts: AuthorizersParts) {
    this.#parts = parts;
  }

  async authorize(authorizer: Authorizer, asked: AskedHandshake): Promise<Authorized> {
    const { connectionId } = asked.identity;
    const methodArn = connectArn(this.#parts, asked.identity);
    const event = authorizerEvent(asked.identity, asked.sent, asked.stamp, methodArn);
    const verdict = await this.#verdict(authorizer, event, asked);
    if (verdict.kind === "allowed") return verdict;
    const { statusCode, message, because } = verdict;
    const ids = { connectionId, requestId: asked.stamp.requestId };
    return rejectWithMessage(statusCode, message, ids, because);
  }

  async #verdict(
    { name, function: functionName, identitySource, denied }: Authorizer,
    event: AuthorizerEvent,
    { requested }: AskedHandshake,
  ): Promise<AuthorizerVerdict> {
    const missing = missingSource(identitySource, event);
    if (missing !== undefined) {
      const because = `the identity source ${missing} of the authorizer ${name} is missing or empty`;
      return { kind: "rejected", statusCode: 401, message: "Unauthorized", because };
    }
    if (denied !== undefined) return failed(denied);
    const { clock, integrations } = this.#parts;
    const since = clock.elapsed();
    const call = { functionName, payload: event, because: requested };
    const outcome = await integrations.run(call, LONGEST_WAIT_MS);
    const latencyMs = Math.round(clock.elapsed() - since);
    return interpretAuthorizerResult(outcome, { name, event, latencyMs, now: clock.now() });
  }
}
