import { request } from "node:http";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { onTestFinished } from "vitest";
import type { ApiTable } from "../../../src/definition/project.ts";
import type { TableStep } from "../../../src/emulator/dynamodb/calls.ts";
import { openTables } from "../../../src/emulator/dynamodb/table.ts";
import type { Fact, Journal } from "../../../src/emulator/facts.ts";
import { createKeyRing, type KeyRing, type Keys } from "../../../src/emulator/iam/keys.ts";
import { createJournal } from "../../../src/emulator/journal/journal.ts";

export const REGION = "eu-west-1";
export const ACCOUNT = "123456789012";
export const ARN = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/chat`;

export const chat: ApiTable = {
  logicalName: "chat",
  name: "chat",
  partitionKey: { name: "id", type: "S" },
  sortKey: undefined,
  indexes: {},
  capacity: "on-demand",
  timeToLive: "ttl",
  environmentVariable: "TABLE",
  functions: [],
  deletionPolicy: "Delete",
};

export type Running = {
  readonly endpoint: string;
  readonly keys: KeyRing;
  readonly journal: Journal;
  stop(): Promise<void>;
  /** The facts of one type, without their place in time. */
  facts<Type extends Fact["type"]>(type: Type): readonly object[];
  /** An SDK client; in the name of the function `send` unless other keys are given. */
  client(more?: { readonly region?: string; readonly credentials?: Partial<Keys> }): DynamoDBClient;
};

/** The table `chat` behind its front. */
export async function running(
  options: { readonly data?: string; readonly steps?: readonly TableStep[] } = {},
): Promise<Running> {
  const keys = createKeyRing();
  const journal: Journal = createJournal(() => 0);
  const tables = await openTables({
    kind: "local",
    data: options.data,
    region: REGION,
    accountId: ACCOUNT,
    secretFor: keys.secretFor,
    journal,
    invocationOf: () => undefined,
    steps: options.steps ?? [],
  });
  onTestFinished(() => tables.stop());
  await tables.create([chat]);
  return {
    endpoint: tables.endpoint,
    keys,
    journal,
    stop: tables.stop,
    facts: (type) =>
      journal
        .entries()
        .filter((entry) => entry.type === type)
        .map(({ seq: _, at: __, id: ___, ...fact }) => fact),
    client({ region = REGION, credentials } = {}) {
      const made = new DynamoDBClient({
        endpoint: tables.endpoint,
        region,
        maxAttempts: 1,
        credentials: { ...keys.forFunction("send"), ...credentials },
      });
      onTestFinished(() => made.destroy());
      return made;
    },
  };
}

/** Unsigned by any key that the gateway issued, as a script would write it. */
export const SIGNED = {
  "content-type": "application/x-amz-json-1.0",
  "x-amz-date": "20260101T000000Z",
  authorization: `AWS4-HMAC-SHA256 Credential=tool/20260101/${REGION}/dynamodb/aws4_request, SignedHeaders=host, Signature=${"a".repeat(64)}`,
} as const;

/** One request as it goes over the wire. */
export function rawCall(
  endpoint: string,
  options: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  },
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }> {
  const { method = "POST", headers = {}, body = "" } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request(endpoint, { method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** One call of an operation, with a body that no SDK would send. */
export function call(endpoint: string, operation: string, body: string) {
  const headers = { ...SIGNED, "x-amz-target": `DynamoDB_20120810.${operation}` };
  return rawCall(endpoint, { headers, body });
}
