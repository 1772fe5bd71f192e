import { request } from "node:http";
import { Agent as SecureAgent } from "node:https";
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  ForbiddenException,
  GetConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { describe, expect, onTestFinished, test } from "vitest";
import { fakeGateway, ID, KEY, type Servers, startServers } from "../../servers.ts";
import { facts, gatewayWithOne } from "./one-connection.ts";

const OTHER_ID = "BAAAAAAAFiACHZQ=";

type ClientSettings = {
  readonly path?: string;
  readonly scheme?: "http" | "https";
  readonly secretAccessKey?: string;
  readonly accessKeyId?: string;
  readonly sessionToken?: string | undefined;
  readonly region?: string;
};

function sdkClient(servers: Servers, settings: ClientSettings = {}): ApiGatewayManagementApiClient {
  const { path = "/v1", scheme = "http", region = "us-east-1", ...keys } = settings;
  const client = new ApiGatewayManagementApiClient({
    endpoint: `${scheme}://localhost:${servers.port}${path}`,
    region,
    credentials: { ...KEY, ...keys } as typeof KEY,
    maxAttempts: 1,
    ...(scheme === "https" && {
      requestHandler: { httpsAgent: new SecureAgent({ ca: servers.certificates.caPem }) },
    }),
  });
  onTestFinished(() => client.destroy());
  return client;
}

describe("the SDK for JavaScript v3", () => {
  test.each([
    ["http", "/v1"],
    ["https", "/v1"],
    ["http", "/v1/"],
    ["https", "/v1/"],
  ] as const)("posts, gets and deletes over %s with the endpoint %s", async (scheme, path) => {
    const { gateway, posts } = gatewayWithOne();
    const servers = await startServers(gateway);
    const client = sdkClient(servers, { scheme, path });

    const posted = await client.send(
      new PostToConnectionCommand({ ConnectionId: ID, Data: Buffer.from("grüße") }),
    );
    const got = await client.send(new GetConnectionCommand({ ConnectionId: ID }));
    const deleted = await client.send(new DeleteConnectionCommand({ ConnectionId: ID }));

    expect(posts).toEqual([{ text: "grüße" }]);
    const answered = servers.journal.entries().filter(({ type }) => type === "management.answered");
    expect(answered).toMatchObject(Array(3).fill({ functionName: "send" }));
    expect(posted.$metadata).toMatchObject({
      httpStatusCode: 200,
      requestId: "8f0d2b3e-0000-4000-8000-000000000001",
    });
    expect(got).toMatchObject({
      ConnectedAt: new Date(Date.UTC(2026, 0, 31, 13, 34, 52, 7)),
      LastActiveAt: new Date(Date.UTC(2026, 0, 31, 13, 34, 53)),
      Identity: { SourceIp: "127.0.0.1" },
    });
    expect(deleted.$metadata.httpStatusCode).toBe(204);
  });

  test("posts nothing as an empty message", async () => {
    const { gateway, posts } = gatewayWithOne();
    const client = sdkClient(await startServers(gateway));

    await client.send(new PostToConnectionCommand({ ConnectionId: ID, Data: "" }));

    expect(posts).toMatchObject([{ text: "" }]);
  });

  test("posts exactly 131,072 bytes", async () => {
    const { gateway, posts } = gatewayWithOne();
    const client = sdkClient(await startServers(gateway));

    await client.send(
      new PostToConnectionCommand({ ConnectionId: ID, Data: Buffer.alloc(131_072, 97) }),
    );

    expect(posts[0]!.text).toHaveLength(131_072);
  });

  test.each([
    ["GoneException", GoneException, 410, { ConnectionId: OTHER_ID }, {}],
    ["BadRequestException", Error, 400, { ConnectionId: `${ID}test` }, {}],
    // What names an error is a header, and this one has none.
    ["Unknown", Error, 413, { Data: Buffer.alloc(131_073) }, {}],
    ["ForbiddenException", ForbiddenException, 403, {}, { path: "/other" }],
    ["ForbiddenException", ForbiddenException, 403, {}, { path: "" }],
    ["InvalidSignatureException", Error, 403, {}, { secretAccessKey: "wrong" }],
    ["InvalidSignatureException", Error, 403, {}, { region: "eu-west-1" }],
    ["UnrecognizedClientException", Error, 403, {}, { sessionToken: "wrong" }],
    ["UnrecognizedClientException", Error, 403, {}, { sessionToken: undefined }],
  ])("gets a %s", async (name, type, status, input, settings) => {
    const { gateway, posts } = gatewayWithOne();
    const client = sdkClient(await startServers(gateway), settings);

    const command = new PostToConnectionCommand({ ConnectionId: ID, Data: "a", ...input });
    const error = await client.send(command).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ name, $metadata: { httpStatusCode: status } });
    expect(posts).toEqual([]);
  });

  test("reports an id of the wrong form, decoded", async () => {
    const client = sdkClient(await startServers(fakeGateway()));

    const error = await client
      .send(new GetConnectionCommand({ ConnectionId: "a/b c@=" }))
      .catch((reason: unknown) => reason);

    expect(error).toMatchObject({ message: "Invalid connectionId: a/b c@=" });
  });

  test("gets a GoneException from a get and from a delete", async () => {
    const client = sdkClient(await startServers(fakeGateway()));

    for (const command of [
      new GetConnectionCommand({ ConnectionId: ID }),
      new DeleteConnectionCommand({ ConnectionId: ID }),
    ]) {
      const error = await client.send(command as GetConnectionCommand).catch((reason) => reason);
      expect(error).toBeInstanceOf(GoneException);
    }
  });

  test("is let in with credentials that the emulator has not issued", async () => {
    const { gateway, posts } = gatewayWithOne();
    const settings = { accessKeyId: "somebody", secretAccessKey: "else" };
    const servers = await startServers(gateway);
    const client = sdkClient(servers, settings);

    await client.send(new PostToConnectionCommand({ ConnectionId: ID, Data: "a" }));

    expect(posts).toEqual([{ text: "a" }]);
    expect(servers.journal.entries()).toMatchObject([{ functionName: undefined }]);
  });
});

type RawAnswer = { statusCode: number; rawHeaders: string[]; body: string };

/** A request as it is, without anything that a client would add or mend. */
function send(
  servers: Servers,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body: string | Buffer = "",
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: "127.0.0.1", port: servers.port, method, path, headers, agent: false },
      async (response) => {
        let text = "";
        for await (const chunk of response) text += chunk;
        resolve({ statusCode: response.statusCode!, rawHeaders: response.rawHeaders, body: text });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const FORM_ONLY = {
  "X-Amz-Date": "20260131T133452Z",
  Authorization: `AWS4-HMAC-SHA256 Credential=other/20260131/us-east-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
};

test.each([
  ["percent-encoded", "/v1/@connections/Xux7aeaAFiACHZQ%3D"],
  ["raw", "/v1/@connections/Xux7aeaAFiACHZQ="],
  ["with an encoded @", "/v1/%40connections/Xux7aeaAFiACHZQ%3D"],
  ["after two slashes", "/v1//@connections/Xux7aeaAFiACHZQ%3D"],
])("takes an id %s", async (_, path) => {
  const { gateway, posts } = gatewayWithOne();
  const servers = await startServers(gateway);

  const answer = await send(servers, "POST", path, FORM_ONLY, "hello");

  expect(answer.statusCode).toBe(200);
  expect(posts).toMatchObject([{ text: "hello" }]);
});

test("warns once about an endpoint that ends in a slash", async () => {
  const { gateway } = gatewayWithOne();
  const servers = await startServers(gateway);

  await send(servers, "POST", `/v1//@connections/${ID}`, FORM_ONLY);
  await send(servers, "POST", `/v1//@connections/${ID}`, FORM_ONLY);

  expect(facts(servers).filter((fact) => fact.type === "warning")).toHaveLength(1);
});

test("answers a post with exactly the headers of the service", async () => {
  const { gateway } = gatewayWithOne();
  const servers = await startServers(gateway);

  const { rawHeaders, body } = await send(servers, "POST", `/v1/@connections/${ID}`, FORM_ONLY);

  const names = rawHeaders.filter((_, at) => at % 2 === 0);
  expect(names).toEqual([
    "Date",
    "Content-Type",
    "Content-Length",
    "Connection",
    "x-amzn-RequestId",
    "x-amz-apigw-id",
    "X-Amzn-Trace-Id",
  ]);
  expect(body).toBe("");
});

test("answers a delete with a type and without a length", async () => {
  const { gateway } = gatewayWithOne();
  const servers = await startServers(gateway);

  const answer = await send(servers, "DELETE", `/v1/@connections/${ID}`, FORM_ONLY);

  expect(answer.statusCode).toBe(204);
  expect(answer.rawHeaders.filter((_, at) => at % 2 === 0)).toEqual([
    "Date",
    "Content-Type",
    "Connection",
    "x-amzn-RequestId",
    "x-amz-apigw-id",
    "X-Amzn-Trace-Id",
  ]);
});

const UNSIGNED = '{"message":"Missing Authentication Token"}';
const FORBIDDEN = '{"message":"Forbidden"}';

test.each([
  ["no signature", "POST", `/v1/@connections/${ID}`, {}, 403, UNSIGNED],
  ["another method", "PUT", `/v1/@connections/${ID}`, FORM_ONLY, 403, UNSIGNED],
  ["no id", "POST", "/v1/@connections", FORM_ONLY, 403, UNSIGNED],
  ["a longer path", "POST", `/v1/@connections/${ID}/x`, FORM_ONLY, 403, UNSIGNED],
  ["no stage", "POST", `/@connections/${ID}`, FORM_ONLY, 403, FORBIDDEN],
  ["another stage", "POST", `/v2/@connections/${ID}`, FORM_ONLY, 403, FORBIDDEN],
  [
    "an escape that is none",
    "POST",
    "/v1/@connections/%zz",
    FORM_ONLY,
    400,
    '{"message":"Invalid connectionId: %zz"}',
  ],
  [
    "a signature without its parts",
    "POST",
    `/v1/@connections/${ID}`,
    { Authorization: "Bearer token" },
    403,
    expect.stringContaining("Authorization header requires 'Credential' parameter."),
  ],
])("rejects %s", async (_, method, path, headers, status, body) => {
  const { gateway, posts } = gatewayWithOne();
  const servers = await startServers(gateway);

  const answer = await send(servers, method, path, headers, "hello");

  expect(answer).toMatchObject({ statusCode: status, body });
  expect(posts).toEqual([]);
});

test.each([5, 20, 50])(
  "answers a body of %i MB only when it has come in whole",
  { tags: ["journey"] },
  async (mb) => {
    const { gateway, posts } = gatewayWithOne();
    const servers = await startServers(gateway);
    const body = Buffer.alloc(mb * 1_000_000);

    const answer = await send(servers, "POST", `/v1/@connections/${ID}`, FORM_ONLY, body);

    expect(answer.statusCode).toBe(413);
    expect(posts).toEqual([]);
  },
);

test.each([
  ["http", true, 1],
  ["https", true, 0],
  ["http", false, 0],
] as const)(
  "of calls by %s at a host that needs TLS (%s) it warns once",
  async (scheme, isTlsOnly, times) => {
    const { gateway } = gatewayWithOne();
    const servers = await startServers(gateway, { isTlsOnly });
    const client = sdkClient(servers, { scheme });

    for (const Data of ["a", "b"]) {
      await client.send(new PostToConnectionCommand({ ConnectionId: ID, Data }));
    }
    await send(servers, "GET", `/v1/@connections/${ID}`, FORM_ONLY); // of nobody's function

    const message = `Function "send" called @connections at localhost:${servers.port} without TLS. wsgw accepts it, but on AWS the call fails: API Gateway does not listen on port 80. Begin the client's endpoint with https://, not with ws://, wss:// or http://.`;
    expect(facts(servers).filter(({ type }) => type === "warning")).toEqual(
      Array(times).fill({ type: "warning", message }),
    );
  },
);

test("records each call with the function that made it", async () => {
  const { gateway } = gatewayWithOne();
  const servers = await startServers(gateway);
  const client = sdkClient(servers);

  await client.send(new PostToConnectionCommand({ ConnectionId: ID, Data: "a" }));
  const traced = {
    ...FORM_ONLY,
    "X-Amzn-Trace-Id": "Root=1-a-b;Parent=53995c3f42cd8ad8;Sampled=1",
  };
  await send(servers, "GET", `/v1/@connections/${OTHER_ID}`, traced);

  expect(facts(servers)).toEqual([
    {
      type: "management.answered",
      method: "POST",
      connectionId: ID,
      functionName: "send",
      statusCode: 200,
      because: "delivered",
    },
    {
      type: "management.answered",
      method: "GET",
      connectionId: OTHER_ID,
      functionName: undefined,
      statusCode: 410,
      because: "gone",
      traceParent: "53995c3f42cd8ad8",
    },
  ]);
});

test("survives a caller that breaks off in its body", async () => {
  const { gateway } = gatewayWithOne();
  const servers = await startServers(gateway);
  const outgoing = request({
    host: "127.0.0.1",
    port: servers.port,
    method: "POST",
    path: `/v1/@connections/${ID}`,
    headers: { ...FORM_ONLY, "Content-Length": "100" },
  });
  outgoing.on("error", () => {});
  outgoing.write("part");

  await new Promise<void>((resolve) => {
    outgoing.on("close", resolve);
    outgoing.on("socket", (socket) => socket.once("connect", () => outgoing.destroy()));
  });

  const answer = await send(servers, "POST", `/v1/@connections/${ID}`, FORM_ONLY);
  expect(answer.statusCode).toBe(200);
});

test("asks whether the invocation runs that the trace id of a call names", async () => {
  const asked: string[] = [];
  const isRunning = (traceParent: string): boolean => asked.push(traceParent) > 0;
  const { port } = await startServers(fakeGateway(), { isRunning });
  const url = `http://127.0.0.1:${port}/v1/@connections/${encodeURIComponent(ID)}`;
  const trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0";

  await fetch(url, { method: "POST", headers: { "X-Amzn-Trace-Id": trace } });
  await fetch(url, { method: "POST" });

  expect(asked).toEqual(["53995c3f42cd8ad8"]);
});
