import dns from "node:dns";
import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import {
  type ApiDefinition,
  type GatewayOptions,
  startGateway,
  type TestGateway,
} from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";
import { buildLambdaChild } from "../contracts/lambda-setup.ts";
import { listen } from "../listen.ts";

const root = fileURLToPath(new URL("../../fixtures/aws-calls", import.meta.url));
const RUNTIMES = ["child-process", "in-process"] as const;
type Runtime = (typeof RUNTIMES)[number];

/** Every row of `rows` in each place where handlers run. */
const everywhere = <Row extends readonly unknown[]>(rows: readonly Row[]) =>
  RUNTIMES.flatMap((runtime) => rows.map((row) => [runtime, ...row] as const));

beforeAll(buildLambdaChild);

const PROBE = { handler: "app.handler", timeout: 20, memory: 256 };

/** Functions like `probe`, whose names are those of their routes. */
const OTHERS = ["dualStack", "http", "ownHost"] as const;

/** What the handler answers about its call. */
type Probed = {
  readonly answer?: unknown;
  readonly error?: { readonly message: string };
  readonly asked: readonly string[];
};

function startOne(
  runtime: Runtime,
  more: Partial<ApiDefinition> = {},
  options: GatewayOptions = {},
): Promise<TestGateway> {
  const definition: ApiDefinition = {
    name: "calls",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "prod" },
    functions: Object.fromEntries(
      ["probe", ...OTHERS].map((name) => [
        name,
        // AWS's SDKs refuse to choose between this setting and dual-stack.
        {
          ...PROBE,
          ...(name === "dualStack" && { environment: { AWS_ENDPOINT_URL_DYNAMODB: "" } }),
        },
      ]),
    ),
    routes: {
      $default: { function: "probe", routeResponse: true },
      ...Object.fromEntries(OTHERS.map((name) => [name, { function: name, routeResponse: true }])),
    },
    connectionTable: { environmentVariable: "TABLE_NAME", attribute: "connectionId" },
    ...more,
  };
  return startGateway(definition, { root, runtime, waitMs: 30_000, ...options });
}

/** A gateway of a test's own, and a client of it. */
async function start(...options: Parameters<typeof startOne>) {
  const gateway = await startOne(...options);
  onTestFinished(() => stopChecked(gateway));
  return probing(gateway);
}

const shared = new Map<string, Promise<TestGateway>>();
afterAll(async () => {
  for (const gateway of shared.values()) await stopChecked(await gateway);
});

/** A client of the gateway that tests share, which look at facts of their own connection and calls only. */
async function share(runtime: Runtime, more: Pick<Partial<ApiDefinition>, "domainName"> = {}) {
  const key = JSON.stringify([runtime, more]);
  const started = shared.get(key) ?? startOne(runtime, more);
  shared.set(key, started);
  const probed = await probing(await started);
  onTestFinished(async () => void (await probed.client.close()));
  return probed;
}

async function probing(gateway: TestGateway) {
  const client = await gateway.connect();
  const { connectionId } = client;
  return {
    gateway,
    client,
    /** The calls of this connection that wsgw has stopped. */
    stopped: () =>
      gateway.facts("aws.stopped").filter((fact) => fact.connectionId === connectionId),
    async probe(input: object): Promise<Probed> {
      client.sendJson(input);
      return (await client.nextJson()) as Probed;
    },
  };
}

/** A server on this machine that remembers what it was asked. */
async function startStandIn() {
  const requests: { method: string; url: string; host: string; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { method = "", url = "", headers } = request;
    requests.push({ method, url, host: headers.host ?? "", body });
    response.setHeader("ETag", '"stood-in"');
    response.end();
  });
  const port = await listen(server);
  return { requests, port, url: `http://127.0.0.1:${port}` };
}

const put = { call: "s3", Bucket: "my-bucket", Key: "a b.txt", Body: "hello" };

test.each(RUNTIMES)(
  "blocks a call to S3 with an error that says how to allow it, without a DNS lookup (%s)",
  async (runtime) => {
    const { stopped, client, probe } = await share(runtime);

    const { error, asked } = await probe(put);

    expect(asked).toEqual([]);
    expect(error).toEqual({
      name: "CallStoppedByWsgw",
      status: 403,
      message:
        'Function probe called s3 PutObject at my-bucket.s3.us-east-1.amazonaws.com. wsgw stopped the call before it left this machine. To allow it, set another endpoint in the definition, endpoints: { s3: "http://localhost:4566" }, or start wsgw dev with --allow-aws.',
    });
    expect(stopped()).toMatchObject([
      {
        service: "s3",
        operation: "PutObject",
        host: "my-bucket.s3.us-east-1.amazonaws.com",
        functionName: "probe",
        connectionId: client.connectionId,
      },
    ]);
  },
);

test.each(
  everywhere([
    ["S3", { service: "S3", operation: "listBuckets", input: {} }, "s3 GET /"],
    [
      "SSM",
      { service: "SSM", operation: "getParameter", input: { Name: "a" } },
      "ssm GetParameter",
    ],
    ["SNS", { service: "SNS", operation: "listTopics", input: {} }, "sns ListTopics"],
    ["EC2", { service: "EC2", operation: "describeRegions", input: {} }, "ec2 DescribeRegions"],
    [
      "Lambda",
      { service: "Lambda", operation: "listFunctions", input: {} },
      "lambda GET /2015-03-31/functions/",
    ],
  ]),
)(
  "SDK v2 (%s) gets an error of its own kind from %s",
  { tags: ["journey"] },
  async (runtime, _, input, what) => {
    const { probe } = await share(runtime);

    const { error } = await probe({ call: "v2", region: "us-east-1", ...input });

    expect(error).toMatchObject({
      code: "CallStoppedByWsgw",
      status: 403,
      message: expect.stringContaining(`Function probe called ${what} at `),
    });
  },
);

test.each(
  everywhere([
    ["fetch", { call: "fetch", url: "https://sqs.us-east-1.amazonaws.com/1/q" }],
    ["https", { call: "https", url: "https://sqs.us-east-1.amazonaws.com/1/q" }],
    ["an agent of its own", { call: "agent", url: "https://sqs.us-east-1.amazonaws.com/1/q" }],
    ["http", { call: "http", url: "http://sqs.us-east-1.amazonaws.com/1/q" }],
  ]),
)("in %s a call by %s is stopped without a look-up", async (runtime, _, input) => {
  const { probe } = await share(runtime);

  const { answer, asked } = await probe(input);

  expect(asked).toEqual([]);
  expect(answer).toMatchObject({ status: 403, text: expect.stringContaining("sqs GET /1/q") });
});

test.each(
  everywhere([
    ["net", { call: "net", host: "sqs.us-east-1.amazonaws.com", port: 443 }],
    ["a socket", { call: "socket", host: "sqs.us-east-1.amazonaws.com", port: 443 }],
    ["tls", { call: "tls", host: "$API.execute-api.us-east-1.amazonaws.com", port: 443 }],
    ["HTTP/2", { call: "http2", url: "https://$API.execute-api.us-east-1.amazonaws.com" }],
  ]),
)("in %s a connection by %s arrives at the gateway", async (runtime, _, input) => {
  const { gateway, probe } = await share(runtime);

  expect(await probe(input)).toEqual({ answer: `127.0.0.1:${gateway.port}`, asked: [] });
});

test.each(RUNTIMES)("blocks a connection other than HTTP where it starts (%s)", async (runtime) => {
  const { stopped, client, probe } = await share(runtime);
  const host = "db.abc.us-east-1.rds.amazonaws.com";

  const { error, asked } = await probe({ call: "net", host, port: 5432 });

  expect(asked).toEqual([]);
  expect(error).toMatchObject({
    code: "ECONNREFUSED",
    message: expect.stringContaining(
      `Function probe called rds connection to port 5432 at ${host}`,
    ),
  });
  expect(stopped()).toMatchObject([
    { service: "rds", functionName: "probe", connectionId: client.connectionId },
  ]);
});

test.each(RUNTIMES)("hosts outside of AWS are left alone (%s)", async (runtime) => {
  const { probe } = await share(runtime);
  const { port, requests } = await startStandIn();

  const named = await probe({ call: "fetch", url: "https://example.com" });
  const resolved = await probe({
    call: "fetch",
    url: `http://example.com:${port}/x`,
    resolveTo: "127.0.0.1",
  });

  expect(named).toMatchObject({
    error: { message: expect.stringContaining("example.com was looked up") },
    asked: ["example.com"],
  });
  expect(resolved).toMatchObject({ answer: { status: 200 }, asked: ["example.com"] });
  expect(requests).toMatchObject([{ url: "/x", host: `example.com:${port}` }]);
});

test.each(RUNTIMES)(
  "a service with an endpoint is answered there, signature and host untouched, or the endpoint is reported (%s)",
  { tags: ["journey"] },
  async (runtime) => {
    const standIn = await startStandIn();
    const endpoints = { s3: `${standIn.url}/base/`, sqs: "http://127.0.0.1:1" };
    const { gateway, probe } = await start(runtime, { endpoints });

    expect(await probe({ ...put, Body: "x", times: 300_000 })).toEqual({
      answer: '"stood-in"',
      asked: [],
    });
    expect(standIn.requests).toMatchObject([
      {
        method: "PUT",
        url: "/base/a%20b.txt?x-id=PutObject",
        host: "my-bucket.s3.us-east-1.amazonaws.com",
        body: expect.stringMatching(/x{300000}/),
      },
    ]);

    const { answer } = await probe({
      call: "fetch",
      url: "https://sqs.us-east-1.amazonaws.com/1/q",
    });

    const message =
      "wsgw cannot reach http://127.0.0.1:1, the endpoint for sqs: nothing listens on that port (ECONNREFUSED).";
    expect(answer).toMatchObject({ status: 502, text: expect.stringContaining(message) });
    expect(gateway.facts("warning")).toMatchObject([{ message }]);
    expect(gateway.facts("aws.stopped")).toEqual([]);
  },
);

test.each(RUNTIMES)(
  "what is allowed to leave is not touched; the gateway's own hosts and services with an endpoint stay at home (%s)",
  { tags: ["journey"] },
  async (runtime) => {
    const s3 = await startStandIn();
    const { gateway, probe } = await start(
      runtime,
      { endpoints: { s3: s3.url } },
      { allowAws: true },
    );
    const { port, requests } = await startStandIn();

    expect(await probe(put)).toEqual({ answer: '"stood-in"', asked: [] });
    expect(s3.requests).toHaveLength(1);
    const allowed = await probe({
      call: "fetch",
      url: `http://sqs.us-east-1.amazonaws.com:${port}/key`,
      resolveTo: "127.0.0.1",
    });
    const own = await probe({
      call: "listTables",
      endpoint: "https://dynamodb.us-east-1.amazonaws.com",
    });

    expect(allowed).toMatchObject({ asked: ["sqs.us-east-1.amazonaws.com"] });
    expect(requests).toMatchObject([{ host: `sqs.us-east-1.amazonaws.com:${port}` }]);
    expect(own).toEqual({ answer: ["calls-connections"], asked: [] });
    expect(gateway.facts("aws.stopped")).toEqual([]);
  },
);

test.each(
  everywhere([
    ["https://dynamodb.us-east-1.amazonaws.com"],
    ["http://dynamodb.us-east-1.amazonaws.com"],
    ["https://dynamodb.eu-west-1.amazonaws.com"],
    ["https://dynamodb.cn-north-1.amazonaws.com.cn"],
    ["https://dynamodb-fips.us-east-1.amazonaws.com"],
    ["https://123456789012.ddb.us-east-1.amazonaws.com"],
  ]),
)("in %s the table answers at %s", async (runtime, endpoint) => {
  const { probe } = await share(runtime);

  expect(await probe({ call: "listTables", endpoint })).toEqual({
    answer: ["calls-connections"],
    asked: [],
  });
});

test.each(RUNTIMES)(
  "a dual-stack endpoint is the table's too (%s)",
  { tags: ["journey"] },
  async (runtime) => {
    const { probe } = await share(runtime);
    const call = { action: "dualStack", call: "listTables", useDualstackEndpoint: true };

    expect(await probe(call)).toEqual({
      answer: ["calls-connections"],
      asked: [],
    });
  },
);

test("without tables a call to DynamoDB is stopped and says so", async () => {
  const { probe } = await start("in-process", { connectionTable: undefined } as never);

  const { error } = await probe({ call: "listTables" });

  expect(error?.message).toMatch(/dynamodb ListTables .* The definition has no tables\. Add one/);
});

test.each(
  everywhere([
    ["https://$DOMAIN/prod"],
    ["https://$DOMAIN/prod/"],
    ["https://$API.execute-api.us-east-1.amazonaws.com/prod"],
  ]),
)("in %s the management API answers at %s", async (runtime, endpoint) => {
  const { client } = await share(runtime);
  const { connectionId: ConnectionId } = client;

  client.sendJson({ call: "management", endpoint, ConnectionId });

  expect(await client.next()).toBe("hi");
  expect(await client.nextJson()).toEqual({ answer: "posted", asked: [] });
});

// Comes before the functions have caused a warning, which each causes once.
test.each(
  everywhere([
    ["https", "https://$DOMAIN/prod", {}],
    ["a name of this machine", "http://$DOMAIN/prod", { domainName: "localhost" }],
  ] as const),
)(
  "in %s a post by %s causes no warning",
  { tags: ["journey"] },
  async (runtime, _, endpoint, more) => {
    const { gateway, client } = await share(runtime, more);
    const before = gateway.facts("warning");

    client.sendJson({ call: "management", endpoint, ConnectionId: client.connectionId });
    await client.next();

    expect(gateway.facts("warning")).toEqual(before);
  },
);

test.each(
  everywhere([
    ["wss://$DOMAIN/prod", "probe"],
    ["ws://$DOMAIN/prod", "dualStack"],
    ["http://$DOMAIN/prod", "http"],
    ["http://$API.execute-api.us-east-1.amazonaws.com/prod", "ownHost"],
  ]),
)("in %s a post to %s works with a warning of what AWS does", async (runtime, endpoint, action) => {
  const { gateway, client } = await share(runtime);
  const { connectionId: ConnectionId } = client;

  for (const _ of [1, 2]) {
    client.sendJson({ action, call: "management", endpoint, ConnectionId });
    expect(await client.next()).toBe("hi");
    expect(await client.nextJson()).toEqual({ answer: "posted", asked: [] });
  }

  const [warning, ...more] = gateway
    .facts("warning")
    .filter(({ message }) => message.startsWith(`Function "${action}"`));
  expect(more).toEqual([]);
  expect(warning?.message).toMatch(
    /^Function "\w+" called @connections at \w{10}\.execute-api\.us-east-1\.amazonaws\.com without TLS\. .* on AWS the call fails: .* Begin the client's endpoint with https:\/\/, not with/,
  );
  const started = gateway.facts("function.started");
  const ofClient = started.find((fact) => fact.connectionId === ConnectionId);
  expect(warning?.causedBy).toBe(ofClient?.id);
});

test.each(
  everywhere([
    ["$DOMAIN/prod", {}, "Invalid URL"],
    [
      "$DOMAIN/prod",
      { domainName: "localhost" },
      expect.stringMatching(
        /^Invalid URL: the endpoint has no scheme, and "\d+" is not a host\. Begin it with https:\/\/, as on AWS\.$/,
      ),
    ],
  ] as const),
)(
  "in %s a client with the endpoint %s, which has no scheme, sends nothing (%j)",
  async (runtime, endpoint, more, message) => {
    const { client, probe } = await share(runtime, more);

    const { error, asked } = await probe({
      call: "management",
      endpoint,
      ConnectionId: client.connectionId,
    });

    expect(error).toMatchObject({ name: "TypeError", code: "ERR_INVALID_URL", message });
    expect(asked).toEqual([]);
  },
);

test.each(RUNTIMES)(
  "a client without an endpoint gets the advice to give it one, in %s",
  async (runtime) => {
    const { client, probe } = await share(runtime);

    const { error } = await probe({ call: "management", ConnectionId: client.connectionId });

    expect(error).toMatchObject({
      name: "CallStoppedByWsgw",
      message: expect.stringMatching(
        /The SDK client has no endpoint and would fail on AWS, too\. Create it with endpoint: `https:\/\/\$\{domainName\}\/\$\{stage\}`, both from the event's requestContext\. The API that runs here is \S+\.$/,
      ),
    });
  },
);

test("a client's request to another API's host does not count as a handler's call", async () => {
  const { gateway } = await share("in-process");
  const { port } = new URL(gateway.url);
  const host = "abcdefghij.execute-api.us-east-1.amazonaws.com";
  const answered = get({ port, path: "/prod", headers: { host } });
  const [response] = (await once(answered, "response")) as [IncomingMessage];
  const { message } = JSON.parse((await response.toArray()).join(""));

  expect(message).toMatch(
    /^A client called GET \/prod at abcdefghij\.execute-api\.us-east-1\.amazonaws\.com\. The API that runs here is \S+\. If it means one of them, add the host to hosts of its API\.$/,
  );
  const stopped = gateway.facts("aws.stopped").filter((fact) => fact.host === host);
  expect(stopped).toMatchObject([{ functionName: undefined }]);
});

test("rejects another API's host with the name of the one that runs here", async () => {
  const { stopped, probe } = await share("in-process");
  const endpoint = "https://abcdefghij.execute-api.us-east-1.amazonaws.com/prod";

  const { error } = await probe({ call: "management", endpoint, ConnectionId: "Xux7aeaAFiACHZQ=" });

  expect(error).toMatchObject({
    name: "CallStoppedByWsgw",
    message: expect.stringMatching(
      /execute-api POST \/prod\/@connections\/.* The API that runs here is \w{10}\.execute-api\.us-east-1\.amazonaws\.com\./,
    ),
  });
  expect(stopped()).toMatchObject([{ functionName: "probe" }]);
});

test("the test's own connections go where they went", async () => {
  const { probe } = await share("in-process");
  await probe({ call: "fetch", url: "https://s3.us-east-1.amazonaws.com" });
  const lookedUp: string[] = [];
  const lookup = ((name: string, _: unknown, callback: (error: Error) => void) => {
    lookedUp.push(name);
    callback(new Error("looked up"));
  }) as unknown as typeof dns.lookup;
  vi.spyOn(dns, "lookup").mockImplementation(lookup as never);
  onTestFinished(() => void vi.restoreAllMocks());

  await expect(fetch("https://s3.us-east-1.amazonaws.com")).rejects.toThrow();
  const [error] = await once(connect(443, "sqs.us-east-1.amazonaws.com"), "error");

  expect(error.message).toBe("looked up");
  expect(lookedUp).toEqual(["s3.us-east-1.amazonaws.com", "sqs.us-east-1.amazonaws.com"]);
});

test("with domainName execute-api events carry the host that AWS would give", async () => {
  const { gateway, probe } = await start("in-process", { domainName: "execute-api" });

  await probe({ call: "fetch", url: "https://$DOMAIN/" });

  const { event } = await gateway.fact("function.started");
  const { domainName, apiId } = event.requestContext;
  expect(domainName).toBe(`${apiId}.execute-api.us-east-1.amazonaws.com`);
});
