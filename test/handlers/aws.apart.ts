import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { createRequire } from "node:module";
import { CreateTableCommand, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { onTestFinished } from "vitest";
import {
  mintAuthority,
  mintLeaf,
} from "../../src/emulator/network/certificates/mint-certificate.ts";
import { listen } from "../listen.ts";

const dynalite: (options: object) => Server = createRequire(import.meta.url)("dynalite");

/** A DynamoDB with one empty connection table; the SDK of this process is led to it. */
export async function startTable() {
  const server = dynalite({ createTableMs: 0 });
  const url = `http://127.0.0.1:${await listen(server)}`;
  const name = `connections-${randomUUID()}`;
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL_DYNAMODB: url,
    CONNECTIONS_TABLE: name,
  });
  const client = new DynamoDBClient();
  onTestFinished(() => client.destroy());
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "connectionID", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "connectionID", KeyType: "HASH" }],
    }),
  );
  return {
    client,
    name,
    async items() {
      const { Items = [] } = await client.send(new ScanCommand({ TableName: name }));
      return Items.map((item) => item.connectionID?.S).sort();
    },
  };
}

/** What a stand-in for `@connections` answers to a post. */
export type Answer = { readonly status: number; readonly errorType?: string };

/** Stands in for `@connections` over https and keeps what was posted, by connection id. */
export async function startManagement(
  answer: (connectionId: string) => Answer | Promise<Answer> = () => ({ status: 200 }),
) {
  const posts = new Map<string, string>();
  const server = createHttpsServer(certificate(), async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const id = decodeURIComponent(
      /^\/v1\/@connections\/([^/?]+)$/.exec(decodePath(request.url))?.[1] ?? "",
    );
    posts.set(id, Buffer.concat(chunks).toString());
    const { status, errorType } = await answer(id);
    response
      .writeHead(status, errorType === undefined ? {} : { "x-amzn-ErrorType": errorType })
      .end();
  });
  return { domainName: `127.0.0.1:${await listen(server)}`, posts };
}

function decodePath(url = ""): string {
  return url.replaceAll("%40", "@");
}

function certificate() {
  // Node takes more authorities only when it starts; this process has started.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  const { certificate, key } = mintLeaf(mintAuthority(Date.now()), ["127.0.0.1"], Date.now());
  return { cert: certificate, key };
}
