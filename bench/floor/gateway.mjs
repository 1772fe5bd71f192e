// @ts-check
// The floor: the least that a gateway in wsgw's execution design can do. It parses a message, builds
// the event, calls the handler in a child process and serves POST @connections over https on
// loopback. It checks, verifies, limits, records and logs nothing.
// node bench/floor/gateway.mjs CONFIG CERTIFICATE KEY
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { dirname, resolve } from "node:path";
import { WebSocketServer } from "ws";
import { startPool } from "./pool.mjs";

const [config = "", certificate = "", key = ""] = process.argv.slice(2);
const { api, directory } = config.endsWith(".ts")
  ? await (await import("./compile.mjs")).compile(config)
  : { api: JSON.parse(readFileSync(config, "utf8")), directory: dirname(config) };
const stage = api.stage.name;
const keepAlive = { keepAliveTimeout: 120_000, requestTimeout: 0 };

/** @type {Map<string, import("ws").WebSocket>} */
const sockets = new Map();
let ids = 0;

const management = createTlsServer(
  { cert: readFileSync(certificate), key: readFileSync(key), ...keepAlive },
  (request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const path = request.url ?? "";
      const socket = sockets.get(decodeURIComponent(path.slice(path.lastIndexOf("/") + 1)));
      socket?.send(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks), {
        binary: false,
      });
      response.writeHead(socket === undefined ? 410 : 200, { "content-length": 0 }).end();
    });
  },
);
const managementPort = await listen(management);
const domainName = `localhost:${managementPort}`;

const dynamodb = api.connectionTable && createServer(keepAlive);
const dynamodbEndpoint = dynamodb && `http://127.0.0.1:${await listen(dynamodb)}`;
const env = {
  TZ: ":UTC",
  AWS_REGION: "us-east-1",
  // As on Lambda: with these the SDK signs a session token and sends its identity, on both sides alike.
  AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
  AWS_LAMBDA_FUNCTION_NAME: "floor",
  AWS_ACCESS_KEY_ID: "ASIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  AWS_SESSION_TOKEN: "IQoJb3JpZ2luX2VjEXAMPLETOKEN",
  _X_AMZN_TRACE_ID: "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0",
  NODE_EXTRA_CA_CERTS: certificate,
  ...(dynamodb && {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodbEndpoint,
    [api.connectionTable.environmentVariable]: "connections",
  }),
};
/** @type {Map<string, (event: unknown) => Promise<any>>} */
const functions = new Map();
for (const [name, { handler }] of Object.entries(api.functions)) {
  const [path, exported] = handler.split(".");
  functions.set(name, startPool(resolve(directory, `${path}.mjs`), exported, env));
}
if (dynamodb)
  await (await import("./table.mjs")).serveTable(dynamodb, api.connectionTable.attribute);

const server = createServer();
const upgrades = new WebSocketServer({ noServer: true, perMessageDeflate: false });
server.on("upgrade", async (request, socket, head) => {
  const connection = newConnection();
  const accepted =
    (await invoke(connection, "$connect", { headers: headersOf(request) }))?.statusCode ?? 200;
  if (accepted !== 200) return socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
  upgrades.handleUpgrade(request, socket, head, (client) => {
    sockets.set(connection.connectionId, client);
    client.on("message", (data) => message(connection, client, String(data)));
    client.on("close", () => {
      sockets.delete(connection.connectionId);
      invoke(connection, "$disconnect", {});
    });
  });
});
const port = await listen(server);
console.log(
  JSON.stringify({ type: "ready", url: `ws://127.0.0.1:${port}/${stage}`, dynamodbEndpoint }),
);

/** @param {ReturnType<typeof newConnection>} connection @param {import("ws").WebSocket} client @param {string} body */
async function message(connection, client, body) {
  const routeKey = JSON.parse(body).action;
  const result = await invoke(connection, routeKey, { body });
  if (api.routes[routeKey].routeResponse) client.send(result.body);
}

/** @param {ReturnType<typeof newConnection>} connection @param {string} routeKey @param {object} rest */
function invoke(connection, routeKey, rest) {
  const run = functions.get(api.routes[routeKey]?.function);
  if (run === undefined) return;
  const at = Date.now();
  const requestId = `${connection.connectionId}${at}`;
  const requestTime = new Date(at).toISOString();
  const requestContext = {
    routeKey,
    ...connection,
    requestId,
    extendedRequestId: requestId,
    messageId: requestId,
    requestTime,
    requestTimeEpoch: at,
    messageDirection: "IN",
    eventType: "MESSAGE",
  };
  return run({ ...rest, requestContext, isBase64Encoded: false });
}

function newConnection() {
  ids += 1;
  const identity = { sourceIp: "127.0.0.1" };
  return {
    connectionId: `c${ids}floorconnec=`,
    connectedAt: Date.now(),
    stage,
    domainName,
    apiId: "floor00000",
    identity,
  };
}

/** @param {import("node:http").IncomingMessage} request */
function headersOf(request) {
  return { ...request.headers, "X-Amzn-Trace-Id": randomUUID() };
}

/** @param {import("node:http").Server} listener @returns {Promise<number>} */
async function listen(listener) {
  await once(listener.listen(0, "127.0.0.1"), "listening");
  return /** @type {import("node:net").AddressInfo} */ (listener.address()).port;
}
