import { createRequire } from "node:module";
import { Readable } from "node:stream";
import type { FunctionCode } from "../environment.ts";

/** A client of the SDK and a call of it. */
type Rehearsal = { readonly client: string; readonly command: string; readonly input: object };

const REHEARSALS: Readonly<Record<string, Rehearsal>> = {
  "@aws-sdk/client-apigatewaymanagementapi": {
    client: "ApiGatewayManagementApiClient",
    command: "PostToConnectionCommand",
    input: { ConnectionId: "rehearsal", Data: "rehearsal" },
  },
  "@aws-sdk/client-dynamodb": {
    client: "DynamoDBClient",
    command: "GetItemCommand",
    input: { TableName: "rehearsal", Key: { id: { S: "rehearsal" } } },
  },
};

type Sdk = Readonly<
  Record<string, new (input: object) => { send?(command: unknown): Promise<unknown> }>
>;

/**
 * Makes a call with each of the SDK's clients that the code will use, with keys of its own and an answer
 * made up here: nothing is sent. It takes the SDK as long to make its first call as to be loaded, for
 * it loads parts of itself then, and V8 has compiled nothing of it.
 */
export async function rehearse(code: FunctionCode): Promise<void> {
  const require = createRequire(code.file);
  for (const name of code.sdkPackages) {
    const rehearsal = REHEARSALS[name];
    if (rehearsal === undefined) continue;
    try {
      await call(require(name) as Sdk, rehearsal);
    } catch {
      // Another version of the SDK, which is as slow as ever then.
    }
  }
}

async function call(sdk: Sdk, { client, command, input }: Rehearsal): Promise<void> {
  const Client = sdk[client];
  const Command = sdk[command];
  if (Client === undefined || Command === undefined) return;
  const made = new Client({
    endpoint: "https://rehearsal.invalid/rehearsal",
    region: "us-east-1",
    credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" },
    requestHandler: { handle: async () => ({ response: emptyAnswer() }) },
  });
  await made.send?.(new Command(input));
}

function emptyAnswer() {
  return { statusCode: 200, headers: {}, body: Readable.from([Buffer.from("{}")]) };
}
