import { createHash } from "node:crypto";
import { expect, onTestFinished } from "vitest";
import type { ExecutionLogDefinition } from "../../src/definition/parts.ts";
import { signedHeaders } from "../../src/emulator/iam/rules/sign-request.ts";
import {
  type GatewayOptions,
  type Handler,
  type ProjectDefinition,
  startGateway,
  type TestGateway,
} from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";
import { expectText, filled, type Known } from "./placeholders.ts";
import { type Frame, type Header, Wire, type WireAnswer } from "./wire.ts";

/** In the place of HANDLER_BODY; its bytes exceed the limit of its characters. */
export const HANDLER_BODY = '{"from":"the handler","sign":"é"}';
const USER_AGENT = "captured-facts/1";
const KEY = "dGhlIHNhbXBsZSBub25jZQ==";

/** Values of API keys: of none is the client's. */
export const KEYS = {
  disabled: "disabled-0123456789-0123456789",
  unassigned: "unassigned-0123456789-0123456789",
};

/** A client that is connected, or an answer that says that it is not. */
export type Handshake = {
  readonly wire: Wire;
  readonly answer: WireAnswer;
  readonly known: Known;
};

export type SceneOptions = {
  readonly routes?: readonly string[];
  /** Routes that answer. */
  readonly twoWay?: readonly string[];
  /** Of stage `dev`. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly handlers?: Readonly<Record<string, Handler>>;
  /** Identity sources of an authorizer on `$connect`, whose function is `check`; without them it has none. */
  readonly identitySource?: readonly string[];
  /** Whether `$connect` requires an API key, and the stages have a usage plan. */
  readonly isKeyed?: boolean;
  readonly limits?: GatewayOptions["limits"];
  /** Format of the access log of stage `dev`. */
  readonly accessLog?: string;
  /** Of stage `dev`. */
  readonly executionLog?: ExecutionLogDefinition;
  /** In place of a definition, with functions of its own. */
  readonly template?: string;
};

/** A gateway and what its placeholders stand for. Its API has the stages `dev` and `other`. */
export type Scene = {
  readonly gateway: TestGateway;
  readonly known: Known;
  readonly port: number;
};

export async function sceneOf(options: SceneOptions = {}): Promise<Scene> {
  const { routes = ["$connect", "$disconnect", "$default"], twoWay = [], handlers = {} } = options;
  const { identitySource } = options;
  const names = [...routes.map(functionOf), ...(identitySource === undefined ? [] : ["check"])];
  const ok: Handler = async () => ({ statusCode: 200 });
  const project: ProjectDefinition = {
    name: "captured",
    apis: {
      captured: {
        routeSelectionExpression: "$request.body.action",
        stages: {
          dev: {
            variables: options.variables ?? {},
            ...(options.executionLog && { executionLog: options.executionLog }),
            ...(options.accessLog !== undefined && { accessLog: { format: options.accessLog } }),
          },
          other: {},
        },
        ...(identitySource && { authorizers: { check: { function: "check", identitySource } } }),
        routes: Object.fromEntries(
          routes.map((key) => [
            key,
            {
              function: functionOf(key),
              routeResponse: twoWay.includes(key),
              ...(identitySource && key === "$connect" && { authorizer: "check" }),
              apiKeyRequired: key === "$connect" && options.isKeyed === true,
            },
          ]),
        ),
      },
    },
    functions: Object.fromEntries(names.map((name) => [name, { handler: `unused.${name}` }])),
    ...(options.isKeyed && {
      apiKeys: {
        disabled: { value: KEYS.disabled, enabled: false },
        unassigned: { value: KEYS.unassigned },
      },
      usagePlans: { plan: { apiKeys: ["disabled"] } },
    }),
  };
  const all = { ...Object.fromEntries(names.map((name) => [name, ok])), ...handlers };
  const { template } = options;
  const gateway = await startGateway(template === undefined ? project : { template }, {
    waitMs: 30_000,
    ...(template === undefined && { handlers: all }),
    ...(options.limits && { limits: options.limits }),
  });
  onTestFinished(() => stopChecked(gateway));
  const [api] = gateway.apis;
  const known: Known = new Map([
    ["STAGE", "dev"],
    ["API_ID", api?.id ?? ""],
    ["API_HOST", api?.domainName ?? ""],
    ["REGION", gateway.region],
    ["ACCOUNT", "123456789012"],
    ["SOURCE_IP", "127.0.0.1"],
    ["USER_AGENT", USER_AGENT],
    ["HANDLER_BODY", HANDLER_BODY],
    ["RFC6455_ACCEPT", acceptOf(KEY)],
  ]);
  return { gateway, known, port: gateway.port };
}

/** The name of the function of a route. */
export function functionOf(routeKey: string): string {
  return routeKey.replace("$", "");
}

/** Asks for a connection and, once it has one, knows its id. */
export async function handshake(
  { gateway, known, port }: Scene,
  path = "/dev",
  headers: readonly Header[] = [["User-Agent", USER_AGENT]],
): Promise<Handshake> {
  const wire = await Wire.to(port);
  onTestFinished(() => wire.end());
  const answer = await wire.request("GET", path, [
    ["Host", `localhost:${port}`],
    ["Connection", "Upgrade"],
    ["Upgrade", "websocket"],
    ["Sec-WebSocket-Version", "13"],
    ["Sec-WebSocket-Key", KEY],
    ...headers,
  ]);
  const asked = gateway.facts("connection.requested").at(-1);
  const own: Known = new Map(known);
  if (asked !== undefined) own.set("CONNECTION_ID", asked.connectionId);
  return { wire, answer, known: own };
}

/** An open connection, with what is known of it. */
export async function connected(scene: Scene, path?: string): Promise<Handshake> {
  const opened = await handshake(scene, path);
  expect(opened.answer.statusCode).toBe(101);
  await scene.gateway.fact("connection.opened", { connectionId: idOf(opened) });
  return opened;
}

export function idOf({ known }: Handshake): string {
  return known.get("CONNECTION_ID") ?? "";
}

/** Calls the management API; `authorization: "none"` leaves the signature out. */
export async function call(
  { gateway, port }: Scene,
  request: { method: string; path: string; body?: Uint8Array; authorization?: unknown },
  known: Known,
  over?: Wire,
): Promise<WireAnswer> {
  const { method, body = Buffer.alloc(0), authorization } = request;
  const id = encodeURIComponent(known.get("CONNECTION_ID") ?? "");
  const target = filled(request.path, new Map([...known, ["CONNECTION_ID", id]]));
  const url = new URL(`http://localhost:${port}${target}`);
  const length: Record<string, string> =
    method === "POST" ? { "content-length": String(body.length) } : {};
  const headers =
    authorization === "none"
      ? { host: url.host, ...length }
      : signedHeaders({ method, url, body }, length, gateway.credentials, {
          region: gateway.region,
          service: "execute-api",
        });
  const wire = over ?? (await Wire.to(port));
  if (over === undefined) onTestFinished(() => wire.end());
  return wire.request(method, target, Object.entries(headers), body);
}

type Captured = {
  readonly status?: number;
  readonly headers?: readonly Header[];
  readonly headersComplete?: boolean;
  readonly headersAbsent?: readonly string[];
  readonly body?: string;
  readonly bodyBytesWith20CharIds?: number;
};

/**
 * Holds an answer to a captured one: status, headers in the order and the spelling of the wire, body. Answers to
 * handshakes were recorded in lower case.
 */
export function expectAnswer(
  { statusCode, headers, body }: WireAnswer,
  captured: Captured,
  known: Known,
  isLowerCase = false,
): void {
  expect(statusCode).toBe(captured.status);
  known.set("LENGTH", String(body.length));
  const spelled = isLowerCase
    ? headers.map(([name, value]): Header => [name.toLowerCase(), value])
    : headers;
  const wanted = captured.headers ?? [];
  const names = new Set(wanted.map(([name]) => name));
  const seen = captured.headersComplete ? spelled : spelled.filter(([name]) => names.has(name));
  if (captured.headers !== undefined)
    expect(seen.map(([name]) => name)).toEqual(wanted.map(([name]) => name));
  wanted.forEach(([, value], at) => {
    expectText(seen[at]?.[1], value, known);
  });
  for (const name of captured.headersAbsent ?? []) {
    expect(headers.map(([present]) => present.toLowerCase())).not.toContain(name.toLowerCase());
  }
  if (captured.body !== undefined) expectText(body.toString(), captured.body, known);
  if (captured.bodyBytesWith20CharIds !== undefined) {
    expect(body.length).toBe(captured.bodyBytesWith20CharIds);
  }
}

/** Holds a frame of a message to a captured one. */
export function expectFrame(
  { opcode, fin, payload }: Frame,
  captured: Readonly<Record<string, unknown>>,
  known: Known,
): void {
  expect(opcode).toBe(captured.opcode);
  expect(fin).toBe(true);
  expectText(payload.toString(), String(captured.text), known);
}

/** The events that functions got so far, oldest first. */
export function eventsOf({ gateway }: Scene): readonly Record<string, unknown>[] {
  return gateway.invocations<Record<string, unknown>>().map(({ event }) => event);
}

/** The only event of a type. */
export function eventOf(scene: Scene, type: string): Record<string, unknown> {
  const found = eventsOf(scene).filter((event) => contextOf(event).eventType === type);
  expect(found).toHaveLength(1);
  return found[0] ?? {};
}

export function contextOf(event: Record<string, unknown>): Record<string, unknown> {
  return event.requestContext as Record<string, unknown>;
}

/** Holds values of an event, by their paths, to captured ones. */
export function expectEvent(
  event: Record<string, unknown>,
  captured: Readonly<Record<string, unknown>>,
  known: Known,
): void {
  for (const [path, value] of Object.entries(captured)) {
    const actual = path
      .split(".")
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], event);
    if (value === "= requestContext.requestId") expect(actual).toBe(contextOf(event).requestId);
    else if (typeof value === "string") expectText(actual, value, known);
    else if (typeof value === "object") {
      expect(JSON.stringify(actual)).toBe(filled(JSON.stringify(value), known));
    } else expect(actual).toBe(value);
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc6455#section-4.2.2 */
function acceptOf(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}
