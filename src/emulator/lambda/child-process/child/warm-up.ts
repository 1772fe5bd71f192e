import { Agent } from "node:https";
import { createRequire } from "node:module";
import { Duplex } from "node:stream";
import { connect } from "node:tls";
import type { Network } from "../../../network/rules/hosts.ts";
import type { FunctionCode } from "../../environment-contract.ts";

/** A client of the SDK and a command for it. */
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

/** V8 compiles a regular expression on its second use, and Node's for addresses is large. */
const ROUNDS = 2;
/** An event that arrives meanwhile waits, so this must end even without an answer. */
const HANDSHAKE_MS = 500;

/**
 * Does the slow work of a first event early. Makes calls with each of the SDK clients that the code will use,
 * against a mocked response, and opens an unused connection to the gateway. The first call of an SDK takes as
 * long as loading it: it loads more of itself, and V8 has not compiled its code or Node's HTTP and TLS.
 */
export async function warmUp(code: FunctionCode, network: Network | undefined): Promise<void> {
  const require = createRequire(code.file);
  for (const name of code.sdkPackages) {
    const entry = WARM_UPS[name];
    if (entry === undefined) continue;
    try {
      for (let round = 0; round < ROUNDS; round += 1) await call(require(name) as Sdk, entry);
    } catch {
      // Another version of the SDK, whose first call stays slow.
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

/** A mocked connection that answers every write. */
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

/** Resolves when the connection is gone, whether it succeeded or not. */
function shakeHands({ address }: Network): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, servername: "localhost" }, () => socket.destroy());
    socket.setTimeout(HANDSHAKE_MS, () => socket.destroy());
    socket.on("error", () => {}); // the gateway is stopping
    socket.once("close", () => resolve());
  });
}
