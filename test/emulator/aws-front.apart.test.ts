import dns from "node:dns";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { createServer as createNetServer, Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import {
  GetFunctionCommand,
  InvokeAsyncCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { expect, onTestFinished, test, vi } from "vitest";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/emulator/emulator.ts";
import { stopChecked } from "../checked-facts.ts";
import { listen } from "../listen.ts";
import { project } from "../readers/projects.ts";
import { handshakeBytes, openSocket, readUntil } from "./servers.ts";

async function start(more: object = {}, options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const { root } = project({ "package.json": "{}" });
  const emulator = await startEmulator({
    definition: {
      name: "front",
      routeSelectionExpression: "$request.body.action",
      stage: { name: "dev" },
      functions: { all: { handler: "all.handler" } },
      routes: { $default: { function: "all" } },
      ...more,
    },
    handlers: { all: async () => ({ statusCode: 200 }) },
    root,
    port: 0,
    ...options,
  });
  onTestFinished(() => stopChecked(emulator));
  return emulator;
}

/** One request over plain HTTP, for whatever host. */
async function call(port: number, host: string, path = "/", body?: string, more: object = {}) {
  const method = body === undefined ? "GET" : "POST";
  const outgoing = request({ host: "127.0.0.1", port, path, method, headers: { host, ...more } });
  outgoing.end(body);
  const [response] = await once(outgoing, "response");
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, headers: response.headers, text };
}

async function callHttp2({ port, caPem }: Emulator, host: string, path: string) {
  const session = connectHttp2(`https://localhost:${port}`, { ca: caPem });
  onTestFinished(() => session.destroy());
  const stream = session.request({ ":method": "GET", ":path": path, ":authority": host });
  const [headers] = await once(stream, "response");
  let text = "";
  for await (const chunk of stream) text += chunk;
  return { status: headers[":status"], text };
}

const facts = ({ journal }: Emulator) =>
  journal.entries().filter(({ type }) => type === "aws.stopped");

test("blocks an unsigned call, without naming a caller", async () => {
  const emulator = await start();

  const { status, text } = await call(emulator.port, "b.s3.amazonaws.com", "/key");

  expect(status).toBe(403);
  expect(text).toContain("<Message>A handler called s3 GET /key at b.s3.amazonaws.com.");
  expect(facts(emulator)).toMatchObject([{ functionName: undefined, connectionId: undefined }]);
});

test.each(["dynamodb.us-east-1.amazonaws.com", "s3.amazonaws.com"])(
  "another machine that names %s reaches the API, as with any other name",
  async (host) => {
    const emulator = await start({ endpoints: { s3: "http://127.0.0.1:1" } });
    // What Node reads remoteAddress from; the property itself cannot be replaced.
    const sockets = Socket.prototype as unknown as { _getpeername: () => object };
    const remote = vi.spyOn(sockets, "_getpeername");
    onTestFinished(() => remote.mockRestore());
    remote.mockReturnValue({ address: "192.168.1.7", family: "IPv4", port: 1 });

    const answer = await call(emulator.port, host);

    expect(answer).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
    expect(facts(emulator)).toEqual([]);
  },
);

/** A well-formed signature by a key of somebody else. */
const SIGNED = {
  "x-amz-date": "20260101T000000Z",
  authorization: `AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=${"a".repeat(64)}`,
} as const;
const INVOKE = (name: string) => `/2015-03-31/functions/${name}/invocations`;

test("with --allow-aws only calls of functions of the project stay here", async () => {
  const { port } = await start({}, { allowAws: true });
  const asked: string[] = [];
  const lookup = vi.spyOn(dns, "lookup") as unknown as { mockImplementation(f: unknown): void };
  onTestFinished(() => void vi.restoreAllMocks());
  lookup.mockImplementation((name: string, _: unknown, done: (error: Error) => void) => {
    asked.push(name);
    done(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }));
  });
  const host = "lambda.us-east-1.amazonaws.com";

  const own = await call(port, host, INVOKE("all"), "{}");
  const local = await call(port, `localhost:${port}`, INVOKE("other"), "{}");
  const other = await call(port, host, INVOKE("other"), "{}");
  const listed = await call(port, host, "/2015-03-31/functions/");
  const away = "lambda.eu-west-1.amazonaws.com";
  const otherRegion = await call(port, away, INVOKE("all"), "{}");

  expect([own.status, local.status]).toEqual([403, 403]);
  expect(own.headers["x-amzn-errortype"]).toBe("MissingAuthenticationTokenException");
  expect([other.status, listed.status, otherRegion.status]).toEqual([502, 502, 502]);
  expect(other.text).toContain(`wsgw cannot reach https://${host}, the endpoint for lambda`);
  expect(asked).toEqual([host, host, away]);
});

test("another machine cannot invoke functions at the port", async () => {
  const emulator = await start();
  // What Node reads remoteAddress from; the property itself cannot be replaced.
  const sockets = Socket.prototype as unknown as { _getpeername: () => object };
  const remote = vi.spyOn(sockets, "_getpeername");
  onTestFinished(() => remote.mockRestore());
  remote.mockReturnValue({ address: "192.168.1.7", family: "IPv4", port: 1 });

  const answer = await call(emulator.port, `localhost:${emulator.port}`, INVOKE("all"), "{}");

  expect(answer).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
});

test.each([
  ["forwarded", `for=203.0.113.7`],
  ["x-forwarded-for", "203.0.113.7"],
  ["x-forwarded-proto", "https"],
  ["via", "1.1 tunnel"],
])("what a tunnel sends on with %s cannot invoke functions or reach the tables", async (...by) => {
  const emulator = await start();
  const more = { ...SIGNED, ...Object.fromEntries([by]) };

  const hosts = [`localhost:${emulator.port}`, "lambda.us-east-1.amazonaws.com"];
  for (const host of [...hosts, "dynamodb.us-east-1.amazonaws.com"]) {
    expect(await call(emulator.port, host, INVOKE("all"), "{}", more)).toMatchObject({
      status: 403,
      text: '{"message":"Forbidden"}',
    });
  }
  expect(emulator.journal.entries().map(({ type }) => type)).not.toContain("function.started");
});

test("while it has a public host, Invoke needs keys that the gateway made", async () => {
  const { port, credentials } = await start({}, { publicHost: "laptop.local" });
  const client = (keys: typeof credentials) =>
    new LambdaClient({
      endpoint: `http://localhost:${port}`,
      region: "us-east-1",
      credentials: keys,
      maxAttempts: 1,
    });
  const command = new InvokeCommand({ FunctionName: "all" });

  const madeUp = client({ ...credentials, accessKeyId: "AKIAMADEUP" }).send(command);

  await expect(madeUp).rejects.toMatchObject({ name: "UnrecognizedClientException" });
  expect(await client(credentials).send(command)).toMatchObject({ StatusCode: 200 });
});

test("with a public host and --allow-aws, the keys of the shell count as well", async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIASHELL");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "shell");
  vi.stubEnv("AWS_SESSION_TOKEN", undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { port } = await start({}, { publicHost: "laptop.local", allowAws: true });
  const client = (secretAccessKey: string) =>
    new LambdaClient({
      endpoint: `http://localhost:${port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "AKIASHELL", secretAccessKey },
      maxAttempts: 1,
    });
  const command = new InvokeCommand({ FunctionName: "all" });

  expect(await client("shell").send(command)).toMatchObject({ StatusCode: 200 });
  await expect(client("other").send(command)).rejects.toMatchObject({
    name: "InvalidSignatureException",
  });
});

test.each([
  ["--allow-aws", true, "http://lambda.us-east-1.amazonaws.com"],
  ["nothing more", false, "http://lambda.us-east-1.amazonaws.com"],
  ["the port for an endpoint", true, "http://localhost"],
])(
  "with %s, unsupported operations on the project's functions are rejected as AWS would",
  async (_, allowAws, endpoint) => {
    const emulator = await start({}, { allowAws });
    const lookup = vi.spyOn(dns, "lookup");
    onTestFinished(() => void vi.restoreAllMocks());
    const client = new LambdaClient({
      endpoint: `http://localhost:${emulator.port}`,
      region: "us-east-1",
      credentials: emulator.credentials,
      maxAttempts: 1,
    });
    client.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers.host = new URL(endpoint).host;
        return next(args);
      },
      { step: "build", priority: "low" },
    );
    const refused = {
      name: "CallStoppedByWsgw",
      message: expect.stringContaining(
        "a function of the project, for which wsgw supports only Invoke",
      ),
      $metadata: { httpStatusCode: 403 },
    };
    const FunctionName = "arn:aws:lambda:us-east-1:123456789012:function:all";

    const got = client.send(new GetFunctionCommand({ FunctionName: "all" }));
    await expect(got).rejects.toMatchObject(refused);
    const streamed = client.send(new InvokeWithResponseStreamCommand({ FunctionName }));
    await expect(streamed).rejects.toMatchObject(refused);
    const sent = client.send(new InvokeAsyncCommand({ FunctionName, InvokeArgs: "{}" }));
    await expect(sent).rejects.toMatchObject(refused);

    expect(lookup.mock.calls.map(([name]) => name)).not.toContain("lambda.us-east-1.amazonaws.com");
    expect(facts(emulator)).toHaveLength(3);
  },
);

test("a page whose name leads to this machine cannot invoke functions", async () => {
  const { port } = await start();

  const answer = await call(port, "evil.example.com", INVOKE("all"), "{}");

  expect(answer.status).toBe(403);
  expect(answer.text).toContain("wsgw rejected a request with Host: evil.example.com.");
});

test("a handshake with another service is stopped too", async () => {
  const emulator = await start();
  const socket = await openSocket(emulator.port);

  const host = "x.appsync-realtime-api.us-east-1.amazonaws.com";
  socket.write(handshakeBytes("/graphql", { Host: host }));

  expect(await readUntil(socket, "--allow-aws")).toMatch(/^HTTP\/1\.1 403 Forbidden/);
  expect(facts(emulator)).toMatchObject([
    { service: "appsync-realtime-api", operation: "GET /graphql", host },
  ]);
});

test("a client that knows nothing but HTTP/2 is answered like any other", async () => {
  const emulator = await start();

  const own = await callHttp2(emulator, `localhost:${emulator.port}`, "/other");
  const foreign = await callHttp2(emulator, "ssm.us-east-1.amazonaws.com", "/");

  expect(own).toEqual({ status: 403, text: '{"message":"Forbidden"}' });
  expect(foreign).toMatchObject({ status: 403, text: expect.stringContaining("ssm GET /") });
});

test.each([
  [["h2", "http/1.1"], "http/1.1"],
  [["http/1.1"], "http/1.1"],
  [["h2"], "h2"],
])("of the protocols %j it speaks %s", async (ALPNProtocols, expected) => {
  const { port, caPem } = await start();

  const socket = connectTls({ port, host: "127.0.0.1", ca: caPem, ALPNProtocols });
  onTestFinished(() => void socket.destroy());
  await once(socket, "secureConnect");

  expect(socket.alpnProtocol).toBe(expected);
});

test("the answer of a local endpoint is unchanged, and its connection is reused", async () => {
  const ports = new Set<unknown>();
  const standIn = createServer((incoming, response) => {
    ports.add(incoming.socket.remotePort);
    response.writeHead(418, ["X-Twice", "1", "X-Twice", "2", "Content-Type", "text/plain"]);
    response.write("short and ");
    response.end("stout");
  });
  const endpoint = `http://127.0.0.1:${await listen(standIn)}`;
  const { port } = await start({ endpoints: { sqs: endpoint } });

  const first = await call(port, "sqs.us-east-1.amazonaws.com", "/", "Action=SendMessage");
  const second = await call(port, "sqs.us-east-1.amazonaws.com");

  expect(first).toMatchObject({ status: 418, text: "short and stout" });
  expect(first.headers).toMatchObject({ "x-twice": "1, 2", "content-type": "text/plain" });
  expect(second.status).toBe(418);
  expect(ports.size).toBe(1);
});

test("a client that leaves aborts its call to the local endpoint", async () => {
  const reached: (() => void)[] = [];
  const asked = new Promise<void>((resolve) => reached.push(resolve));
  let left: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    left = resolve;
  });
  const standIn = createNetServer((socket) => {
    socket.once("data", () => reached[0]?.());
    socket.on("error", () => {});
    socket.once("close", left);
  });
  const endpoint = `http://127.0.0.1:${await listen(standIn)}`;
  const { port } = await start({ endpoints: { sqs: endpoint } });
  const host = "sqs.us-east-1.amazonaws.com";
  const outgoing = request({ host: "127.0.0.1", port, headers: { host } });
  outgoing.on("error", () => {});
  outgoing.end();
  await asked;

  outgoing.destroy();

  await gone;
});

test("endpoints that change while it runs are used at once; hosts need a start", async () => {
  const emulator = await start();
  const next = {
    name: emulator.project.name,
    routeSelectionExpression: "$request.body.action",
    stage: { name: "dev" },
    functions: { all: { handler: "all.handler" } },
    routes: { $default: { function: "all" } },
  };

  const changed = await emulator.update({ ...next, endpoints: { s3: "http://127.0.0.1:1" } });
  const answered = await call(emulator.port, "s3.us-east-1.amazonaws.com");
  const fixed = await emulator.update({
    ...next,
    customDomain: { name: "chat.example.com" },
    domainName: "localhost",
  });

  expect(changed.needsRestart).toEqual([]);
  expect(answered.status).toBe(502);
  expect(fixed.needsRestart).toEqual(["customDomain", "domainName"]);
});
