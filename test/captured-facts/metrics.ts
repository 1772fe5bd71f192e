import { expect, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.ts";
import { signedHeaders } from "../../src/emulator/iam/rules/sign-request.ts";
import type { Handler } from "../../src/testing/index.ts";
import type { CapturedFact } from "./fact.ts";

type Counted = {
  /** What the fact's `given` is, as a client does it. */
  readonly act: (client: WebSocket, emulator: Emulator) => Promise<void> | void;
  /** Its route. */
  readonly route: string;
  readonly handlers?: Readonly<Record<string, Handler>>;
};

const ROUTES = ["$connect", "one-way", "two-way"];

const said = (action: string) => (client: WebSocket) => client.send(JSON.stringify({ action }));
const answers =
  (statusCode: number): Handler =>
  async () => ({ statusCode, body: "x" });

/** By the words of a fact. */
const GIVEN: Readonly<Record<string, Counted>> = {
  "accepted handshake": { act: () => {}, route: "$connect" },
  "handler refuses with 403": {
    act: () => {},
    route: "$connect",
    handlers: { connect: answers(403) },
  },
  "one-way message": { act: said("one-way"), route: "one-way" },
  "two-way message": { act: said("two-way"), route: "two-way" },
  "two-way message, handler 503": {
    act: said("two-way"),
    route: "two-way",
    handlers: { "two-way": answers(503) },
  },
  "no route": { act: said("unknown"), route: "" },
  "POST @connections": {
    act: (_, emulator) => post(emulator),
    route: "POST /@connections/{connectionId}",
  },
  "connection closes, no $disconnect route": {
    act: (client) => client.close(),
    route: "$disconnect",
  },
};

const METRICS: Readonly<Record<string, string>> = {
  ConnectCount: "apigateway_connect_count_total",
  MessageCount: "apigateway_message_count_total",
  ClientError: "apigateway_client_error_total",
  ExecutionError: "apigateway_execution_error_total",
  IntegrationError: "apigateway_integration_error_total",
  IntegrationLatency: "apigateway_integration_latency_milliseconds_count",
};

async function post({ port, journal, credentials, region }: Emulator): Promise<void> {
  const opened = journal.entries().find(({ type }) => type === "connection.opened");
  const connectionId = opened && "connectionId" in opened ? (opened.connectionId ?? "") : "";
  const path = `/dev/@connections/${encodeURIComponent(connectionId)}`;
  const url = new URL(`http://localhost:${port}${path}`);
  const body = Buffer.from("hello");
  const headers = signedHeaders({ method: "POST", url, body }, {}, credentials, {
    region,
    service: "execute-api",
  });
  expect((await fetch(url, { method: "POST", body, headers })).status).toBe(200);
}

/** The values of a metric by route. */
function valuesOf(text: string, metric: string): ReadonlyMap<string, number> {
  const lines = text.split("\n").filter((line) => line.startsWith(`${metric}{`));
  return new Map(
    lines.map((line) => [/route="([^"]*)"/.exec(line)?.[1] ?? "", Number(line.split(" ").at(-1))]),
  );
}

/** Does what was counted, and holds the counts that Prometheus gets to the captured samples. */
export async function metrics({ given, expect: wanted }: CapturedFact): Promise<void> {
  const counted = GIVEN[String(given)];
  if (counted === undefined) throw new Error(`nothing does "${given}"`);
  const emulator = await startEmulator({
    definition: {
      name: "counted",
      routeSelectionExpression: "$request.body.action",
      stage: { name: "dev" },
      functions: Object.fromEntries(
        ROUTES.map((key) => [key.replace("$", ""), { handler: "unused.handler" }]),
      ),
      routes: Object.fromEntries(
        ROUTES.map((key) => [
          key,
          { function: key.replace("$", ""), routeResponse: key === "two-way" },
        ]),
      ),
    },
    handlers: {
      ...Object.fromEntries(ROUTES.map((key) => [key.replace("$", ""), answers(200)])),
      ...counted.handlers,
    },
    runtime: "in-process",
    port: 0,
    metrics: true,
  });
  onTestFinished(() => emulator.stop());
  const { port } = emulator;
  const client = new WebSocket(`ws://localhost:${port}/dev`);
  onTestFinished(() => client.terminate());
  await new Promise((resolve) => client.once("open", resolve).once("error", resolve));
  await counted.act(client, emulator);

  const read = async () => (await fetch(`http://localhost:${port}/_wsgw/metrics`)).text();
  await expect
    .poll(async () => valuesOf(await read(), METRICS.MessageCount ?? "").has(counted.route))
    .toBe(true);
  const text = await read();
  const { Route, dimensions, ...captured } = wanted.metrics as Readonly<
    Record<string, string | number>
  >;
  if (Route !== undefined) expect(counted.route).toBe(Route);
  if (dimensions !== undefined) expect(counted.route).toBe("");
  for (const [name, value] of Object.entries(captured)) {
    const count = value === "none" ? 0 : Number.parseInt(String(value), 10);
    expect({ [name]: valuesOf(text, METRICS[name] ?? "").get(counted.route) }).toEqual({
      [name]: count,
    });
  }
}
