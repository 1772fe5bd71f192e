import type { CustomIntegration } from "../../../../definition/checked-project.ts";
import type { IntegrationEnd } from "../../integrations/rules/integration-end.ts";
import {
  type IntegrationOutcome,
  type ProxyResult,
  parseProxyResult,
} from "../../integrations/rules/proxy-results.ts";
import {
  type HandshakeIds,
  type Rejection,
  rejectByApi,
  rejectFailed,
  rejectWithMessage,
} from "./rejection-responses.ts";
import { chosenSubprotocol } from "./subprotocol.ts";

export type ConnectAnswer =
  | { readonly kind: "accept"; readonly subprotocol: string | undefined }
  | Rejection;

/** The response to a handshake. */
export type ConnectDecision =
  | {
      readonly kind: "accept";
      readonly connectionId: string;
      readonly subprotocol: string | undefined;
    }
  | Rejection;

/**
 * Interprets the result of `$connect`: 2xx accepts, another status goes to the client with its body, a
 * failure is 502 and a timeout 504. Captured on AWS, except 504 and a rejection without a body, which has an
 * empty body here.
 */
export function interpretConnectResult(
  outcome: IntegrationOutcome,
  nullIsSuccess: boolean,
  ids: HandshakeIds,
): ConnectAnswer {
  switch (outcome.kind) {
    case "timed-out":
      return rejectWithMessage(504, "Endpoint request timed out", ids, "connect-timed-out");
    case "failed":
      return rejectFailed(ids, `${outcome.errorType}: ${outcome.errorMessage}`);
    case "returned": {
      const parsed = parseProxyResult(outcome.payload, nullIsSuccess);
      if (parsed.kind === "malformed") return rejectFailed(ids, parsed.problem);
      return byStatus(parsed.result, ids);
    }
    default:
      return outcome satisfies never;
  }
}

/**
 * Interprets the end of an integration other than Lambda proxy: 2xx accepts. Where templates can change the
 * response, it needs an integration response. Assumed: another status becomes that of the handshake.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-responses.html
 */
export function interpretConnectEnd(
  end: IntegrationEnd,
  integration: CustomIntegration,
  ids: HandshakeIds,
  statusTexts: Readonly<Record<number, string>>,
): ConnectAnswer {
  if (end.kind === "failed")
    return rejectWithMessage(end.statusCode, end.message, ids, end.because);
  if (integration.type !== "http-proxy" && Object.keys(integration.responses ?? {}).length === 0) {
    const because = "$connect needs an integration response for 200";
    return rejectWithMessage(500, "Internal server error", ids, because);
  }
  const { statusCode } = end;
  if (statusCode >= 200 && statusCode < 300) return { kind: "accept", subprotocol: undefined };
  const because = `$connect answered ${statusCode}`;
  const message = statusTexts[statusCode] ?? "Internal server error";
  return rejectWithMessage(statusCode, message, ids, because);
}

function byStatus(
  { statusCode, headers, body = "" }: ProxyResult,
  ids: HandshakeIds,
): ConnectAnswer {
  if (statusCode < 200) return rejectFailed(ids, `statusCode is ${statusCode}`);
  if (statusCode < 300) return { kind: "accept", subprotocol: chosenSubprotocol(headers) };
  return rejectByApi(statusCode, body, ids, `$connect answered ${statusCode}`);
}
