import { Agent } from "node:https";
import { createRequire } from "node:module";
import { Duplex } from "node:stream";
import { connect } from "node:tls";
import type { Network } from "../../../network/rules/aws-hosts.ts";
import type { FunctionCode } from "../../environment.ts";

/** A client of the SDK and a call of it. */
type WarmUp = { readonly client: string; readonly command: string; readonly input: object };

const WARM_UPS: Readonly<Record<string, WarmUp>> = {
  "@aws-sdk/client-apigatewaymanagementapi": {
    client: "ApiGatewayManagementApiClient",
    command: "PostToConnectionCommand",
    input: { ConnectionId: "warm-up", Data: "warm-up" },
  },
  "@aws-sdk/client-dynamodb": {
    client: "DynamoDBClient",
    command: "GetItemCommand",
    input: { TableName: "warm-up", Key: { id: { S: "warm-up" } } },
  },
};

type Sdk = Readonly<
  Record<string, new (input: object) => { send?(command: unknown): Promise<unknown> }>
>;

/** V8 compiles a regular expression when it is used a second time, and Node's for an address is a big one. */
const ROUNDS = 2;
/** An event that comes meanwhile waits: it has to go on even if nobody answers. */
const HANDSHAKE_MS = 500;

/**
 * Does what the first event would be the first to do: makes calls with each of the SDK's clients that the
 * code will use, with an answer made up here, and opens a connection to the gateway on which nothing is
 * sent. It takes the SDK as long to make its first call as to be loaded, for it loads parts of itself
 * then, and V8 has compiled nothing of it or of Node's HTTP and TLS.
 */
export async function warmUp(code: FunctionCode, network: Network | undefined): Promise<void> {
  const require = createRequire(code.file);
  for (const name of code.sdkPackages) {
    const entry = WARM_UPS[name];
    if (entry === undefined) continue;
    try {
      for (let round = 0; round < ROUNDS; round += 1) await call(require(name) as Sdk, entry);
    } catch {
      // Another version of the SDK, which is as slow as ever then.
    }
  }
  if (network !== undefined && code.sdkPackages.length > 0) await shakeHands(network);
}

async function call(sdk: Sdk, { client, command, input }: WarmUp): Promise<void> {
  const Client = sdk[client];
  const Command = sdk[command];
  if (Client === undefined || Command === undefined) return;
  const httpsAgent = new Agent({ keepAlive: true });
  Object.assign(httpsAgent, { createConnection: answering });
  const made = new Client({
    endpoint: "https://warm-up.invalid/warm-up",
    region: "us-east-1",
    credentials: { accessKeyId: "warm-up", secretAccessKey: "warm-up" },
    requestHandler: { httpsAgent },
  });
  await made.send?.(new Command(input));
}

const ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

/** What looks like a connection and answers whatever is written to it. */
function answering(): Duplex {
  const connection: Duplex = new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      setImmediate(() => connection.push(ANSWER));
      done();
    },
  });
  const itself = () => connection;
  return Object.assign(connection, {
    setKeepAlive: itself,
    setNoDelay: itself,
    setTimeout: itself,
    ref: itself,
    unref: itself,
  });
}

/** Resolves when nothing of the connection is left, whatever became of it. */
function shakeHands({ address }: Network): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, servername: "localhost" }, () => socket.destroy());
    socket.setTimeout(HANDSHAKE_MS, () => socket.destroy());
    socket.on("error", () => {}); // the gateway is stopping
    socket.once("close", () => resolve());
  });
}
