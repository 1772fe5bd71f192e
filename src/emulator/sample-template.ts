import { createClock } from "../clock.ts";
import { createIds } from "../ids.ts";
import { describeHandshake } from "./apigateway/connect/rules/received-handshake.ts";
import { connectEvent } from "./apigateway/rules/connect-event.ts";
import { messageEvent } from "./apigateway/rules/message-event.ts";
import type { RenderedTemplate, TemplateScope } from "./apigateway/vtl/render-template.ts";
import { defaultHeaders, OPEN_FOR_MS } from "./sample-event.ts";

const API_ID = "abcdef1234";
const DOMAIN_NAME = `${API_ID}.execute-api.us-east-1.amazonaws.com`;

/** The default inputs for rendering a mapping template of `$default` or `$connect`. */
export function sampleTemplateScope(kind: "connect" | "message", body: string): TemplateScope {
  const clock = createClock();
  const ids = createIds(clock);
  const stamp = { requestId: ids.requestId(), at: clock.now() };
  const rawHeaders = defaultHeaders(DOMAIN_NAME, []).flat();
  const connection = {
    connectionId: ids.connectionId(),
    connectedAt: kind === "connect" ? stamp.at : stamp.at - OPEN_FOR_MS,
    stage: "dev",
    stageVariables: {},
    domainName: DOMAIN_NAME,
    apiId: API_ID,
    identity: describeHandshake({ rawHeaders, sourceIp: "127.0.0.1" }),
  };
  if (kind === "connect") {
    const handshake = { url: "/dev", rawHeaders, traceId: ids.traceId() };
    const { requestContext, headers } = connectEvent(connection, handshake, stamp);
    return scopeOf(body, requestContext, headers);
  }
  const messageId = ids.messageId(connection.connectionId);
  const message = { routeKey: "$default", messageId, text: body };
  return scopeOf(body, messageEvent(connection, message, stamp).requestContext, {});
}

/** Renders a mapping template; loads the code for that. */
export async function renderTemplate(
  source: string,
  scope: TemplateScope,
): Promise<RenderedTemplate> {
  const { compileTemplate } = await import("./apigateway/vtl/render-template.ts");
  return compileTemplate(source).render(scope);
}

function scopeOf(
  body: string,
  context: TemplateScope["context"],
  header: Readonly<Record<string, string>>,
): TemplateScope {
  return { body, context, stageVariables: {}, params: { path: {}, querystring: {}, header } };
}
