import { expect } from "vitest";
import type { AuthorizerEvent } from "../../src/emulator/apigateway/authorizers/rules/authorizer-event.ts";
import { type Handler, startGateway } from "../../src/testing/index.ts";
import { project } from "../readers/projects.ts";
import type { CapturedFact } from "./fact.ts";
import {
  contextOf,
  eventOf,
  expectAnswer,
  expectEvent,
  handshake,
  idOf,
  type Scene,
  sceneOf,
} from "./scene.ts";
import type { Header } from "./wire.ts";

type Values = Readonly<Record<string, unknown>>;

const TEXT = 1;
const CLOSE = 8;

const allowing = (event: AuthorizerEvent, more: Values = {}) => ({
  principalId: "probe-principal",
  policyDocument: policy("Allow", event.methodArn),
  ...more,
});

function policy(effect: string, resource: string) {
  const statement = { Action: "execute-api:Invoke", Effect: effect, Resource: resource };
  return { Version: "2012-10-17", Statement: [statement] };
}

/** What a fact says in words that its authorizer answers. */
const ANSWERS: Readonly<Record<string, (event: AuthorizerEvent) => Values>> = {
  "Effect Deny on methodArn": (event) => allowing(event, policyOf("Deny", event.methodArn)),
  "Allow on API_ID/STAGE/not-connect": (event) =>
    allowing(event, policyOf("Allow", event.methodArn.replace("$connect", "not-connect"))),
  "no principalId": ({ methodArn }) => policyOf("Allow", methodArn),
};

function answerOf(words: string, event: AuthorizerEvent): Values {
  const answer = ANSWERS[words];
  if (answer === undefined) throw new Error(`nothing answers "${words}"`);
  return answer(event);
}

function policyOf(effect: string, resource: string): Values {
  return { policyDocument: policy(effect, resource) };
}

/** An authorizer that behaves as a fact says. */
function authorizerOf(given: Values): Handler {
  const { authorizerReturns: returns, authorizerThrows, authorizerContext } = given;
  return async (event: AuthorizerEvent) => {
    if (authorizerThrows !== undefined) throw new Error(String(authorizerThrows));
    if (authorizerContext !== undefined) return allowing(event, { context: authorizerContext });
    if (typeof returns === "string") return answerOf(returns, event);
    if (returns === undefined) return allowing(event);
    const { Effect, ...written } = returns as Values;
    if ("unexpected" in written || "isAuthorized" in written) return written;
    if (Effect !== undefined) return allowing(event, policyOf(String(Effect), event.methodArn));
    const filled = JSON.stringify(written).replaceAll("METHOD_ARN", event.methodArn);
    return allowing(event, JSON.parse(filled));
  };
}

/** What a handshake lacks, by the words of the fact: its source, and how it was asked for. */
const LACKING: Readonly<
  Record<string, { source: string; path?: string; headers?: readonly Header[] }>
> = {
  "missing-header": { source: "route.request.header.Authorization" },
  "empty-header": {
    source: "route.request.header.Authorization",
    headers: [["Authorization", ""]],
  },
  "missing-query": { source: "route.request.querystring.tenant" },
  "empty-query": { source: "route.request.querystring.tenant", path: "/dev?tenant=" },
};

function sourcesOf(given: Values, { headers, path }: { headers?: unknown; path?: unknown }) {
  if (Array.isArray(given.identitySource)) return given.identitySource.map(String);
  const lacking = LACKING[String(given.identitySource)];
  if (lacking !== undefined) return [lacking.source];
  if (headers !== undefined) return ["route.request.header.Authorization"];
  return String(path).includes("tenant") ? ["route.request.querystring.tenant"] : [];
}

/** Holds what became of a handshake, by its authorizer, to what was captured. */
export async function authorizer(fact: CapturedFact): Promise<void> {
  const given = givenOf(fact);
  const request = (given.request ?? {}) as { path?: string; headers?: readonly Header[] };
  const lacking = LACKING[String(given.identitySource)];
  const scene = await sceneOf({
    identitySource: sourcesOf(given, request),
    handlers: { check: authorizerOf(given) },
    variables: (given.stageVariables ?? { probePhase: "initial" }) as Record<string, string>,
  });
  const path = (request.path ?? lacking?.path ?? "/dev").replace("STAGE", "dev");
  const { answer, known } = await handshake(scene, path, request.headers ?? lacking?.headers);

  const { event, functionCalled, ...captured } = fact.expect;
  expectAnswer(answer, captured, known, true);
  const asked = scene.gateway.invocations("check");
  expect(asked).toHaveLength(functionCalled === false ? 0 : 1);
  const accepted = answer.statusCode === 101 ? 1 : 0;
  expect(scene.gateway.invocations("connect")).toHaveLength(accepted);
  if (event === undefined) return;
  const connect = eventOfConnect(scene);
  for (const [path, value] of Object.entries(event as Values)) {
    if (typeof value === "string") expectEvent(connect, { [path]: value }, known);
    else for (const entry of Object.entries(value as Values)) expectContext(connect, ...entry);
  }
}

function expectContext(connect: Record<string, unknown>, name: string, value: unknown): void {
  const context = contextOf(connect).authorizer as Values;
  if (value === "ABSENT") expect(context).not.toHaveProperty(name);
  else expect(context[name]).toBe(value);
}

/** Two handshakes with equal identities ask the function twice. */
export async function notCached(fact: CapturedFact): Promise<void> {
  const scene = await sceneOf({ identitySource: [], handlers: { check: authorizerOf({}) } });
  const handshakes = Number(givenOf(fact).handshakes);
  for (let at = 0; at < handshakes; at += 1) await handshake(scene);

  expect(scene.gateway.invocations("check")).toHaveLength(
    Number(fact.expect.authorizerInvocations),
  );
}

/** A connection that is open goes on when its authorizer fails from then on. */
export async function heldSurvives(): Promise<void> {
  let fails = false;
  const allows = authorizerOf({});
  const scene = await sceneOf({
    identitySource: [],
    twoWay: ["$default"],
    handlers: {
      check: async (...call) => {
        if (fails) throw new Error("cannot run");
        return allows(...call);
      },
      default: async () => ({ statusCode: 200, body: "normal reply" }),
    },
  });
  const { wire } = await handshake(scene);
  fails = true;
  expect((await handshake(scene)).answer.statusCode).toBe(500);

  wire.sendFrame(TEXT, Buffer.from("still there?"));

  expect((await wire.frame()).payload.toString()).toBe("normal reply");
}

/** The events of handlers behind an authorizer, and that of the authorizer itself. */
export async function authorizerEvents(fact: CapturedFact): Promise<void> {
  const given = givenOf(fact);
  const scene = await sceneOf({
    identitySource: [],
    handlers: { check: authorizerOf(given) },
    ...(!fact.id.includes("-request") && { variables: { probePhase: "initial" } }),
  });
  const path = String(fact.request?.path ?? "/STAGE").replace("STAGE", "dev");
  const opened = await handshake(scene, path, fact.request?.headers as readonly Header[]);
  expect(opened.answer.statusCode).toBe(101);
  await scene.gateway.fact("connection.opened");
  const seen = await eventFor(fact.id, scene, opened);

  const { authorizerEvent, connectEvent, authorizerAbsent, ...captured } = fact.expect;
  const { eventKeys, requestContextKeys, event = {} } = captured;
  if (eventKeys !== undefined) expect(Object.keys(seen)).toEqual(eventKeys);
  if (requestContextKeys !== undefined) {
    expect(Object.keys(contextOf(seen))).toEqual(requestContextKeys);
  }
  for (const name of (authorizerAbsent ?? []) as string[]) expectContext(seen, name, "ABSENT");
  expectValues(seen, event as Values, opened.known);
  expectQueryKeys(seen, authorizerEvent);
  expectQueryKeys(eventOfConnect(scene), connectEvent);
}

/** A template with such an authorizer, or such a route, is refused in the words of API Gateway. */
export async function authorizerAdmission({
  request,
  expect: wanted,
}: CapturedFact): Promise<void> {
  const { CreateAuthorizer: properties = {}, CreateRoute: asked } = request as {
    readonly CreateAuthorizer?: Values;
    readonly CreateRoute?: Values;
  };
  const uri =
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:check/invocations";
  const resource = (Type: string, Properties: Values) => ({ Type, Properties });
  const template = {
    Resources: {
      Api: resource("AWS::ApiGatewayV2::Api", {
        Name: "probe",
        ProtocolType: "WEBSOCKET",
        RouteSelectionExpression: "$request.body.action",
      }),
      Check: resource("AWS::Lambda::Function", {
        FunctionName: "check",
        Code: { ZipFile: "exports.handler = async () => ({});" },
        Handler: "index.handler",
        Runtime: "nodejs24.x",
      }),
      Who: resource("AWS::ApiGatewayV2::Authorizer", {
        ApiId: { Ref: "Api" },
        Name: "who",
        AuthorizerType: "REQUEST",
        AuthorizerUri: uri,
        ...properties,
      }),
      Connect: resource("AWS::ApiGatewayV2::Route", {
        ApiId: { Ref: "Api" },
        RouteKey: "$connect",
        AuthorizationType: "CUSTOM",
        ...asked,
        AuthorizerId: { Ref: "Who" },
      }),
    },
  };
  const { path } = project({ "template.json": JSON.stringify(template) });

  await expect(startGateway({ template: path("template.json") })).rejects.toThrow(
    String(wanted.message),
  );
}

async function eventFor(
  id: string,
  scene: Scene,
  { wire, ...client }: Awaited<ReturnType<typeof handshake>>,
): Promise<Record<string, unknown>> {
  if (id.endsWith("-connect")) return eventOfConnect(scene);
  if (id.endsWith("-message")) {
    wire.sendFrame(TEXT, Buffer.from("any"));
    await scene.gateway.fact("message.answered");
    return eventOf(scene, "MESSAGE");
  }
  if (id.endsWith("-disconnect")) {
    wire.sendFrame(CLOSE, Buffer.from([3, 232]));
    await scene.gateway.fact("connection.closed", { connectionId: idOf({ wire, ...client }) });
    await scene.gateway.fact("function.ended", { functionName: "disconnect" });
    return eventOf(scene, "DISCONNECT");
  }
  const [asked] = scene.gateway.invocations<Record<string, unknown>>("check");
  return asked?.event ?? {};
}

function eventOfConnect(scene: Scene): Record<string, unknown> {
  const [connect] = scene.gateway.invocations<Record<string, unknown>>("connect");
  return connect?.event ?? {};
}

/** A latency is any whole number of ms. */
function expectValues(
  seen: Record<string, unknown>,
  values: Values,
  known: Parameters<typeof expectEvent>[2],
): void {
  for (const [path, value] of Object.entries(values)) {
    if (path !== "requestContext.authorizer") {
      expectEvent(seen, { [path]: value }, known);
      continue;
    }
    const context = contextOf(seen).authorizer as Values;
    const { integrationLatency: _, ...wanted } = value as Values;
    const { integrationLatency, ...others } = context;
    expect(JSON.stringify(others)).toBe(JSON.stringify(wanted)); // in this order
    if ("integrationLatency" in (value as Values)) expect(integrationLatency).toBeTypeOf("number");
  }
}

function expectQueryKeys(event: Record<string, unknown>, wanted: unknown): void {
  const keys = (wanted as Values | undefined)?.queryStringParametersKeys;
  if (keys === undefined) return;
  expect(Object.keys(event.queryStringParameters as object)).toEqual(keys);
}

function givenOf({ given }: CapturedFact): Values {
  return typeof given === "object" ? given : {};
}
