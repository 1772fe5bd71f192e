import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import Management from "aws-sdk/clients/apigatewaymanagementapi.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../../src/testing/index.ts";
import { apiOf } from "./support.ts";

const NEVER_USED = "Xux7aeaAFiACHZQ=";
const GOOD_AND_MORE = `${NEVER_USED}test`;
const LARGEST = 131_072;

let gateway: TestGateway;
let open = "";

beforeAll(async () => {
  const handlers = { default: async () => ({ statusCode: 200 }) };
  gateway = await startGateway(apiOf(["$default"]), { handlers, waitMs: 30_000 });
  open = (await gateway.connect()).connectionId;
});

afterAll(() => stopChecked(gateway));

/** What each call comes to for the code that makes it. */
type Seen = { readonly status: number; readonly name?: string; readonly message?: string };

type Sdk = {
  readonly post: (id: string, data: Uint8Array) => Promise<Seen>;
  readonly get: (id: string) => Promise<Seen>;
  readonly remove: (id: string) => Promise<Seen>;
};

/** With the attempts that it makes unless told otherwise. */
function sdkV3(): Sdk {
  const client = new ApiGatewayManagementApiClient({
    endpoint: gateway.managementUrl,
    region: "us-east-1",
    credentials: gateway.credentials,
  });
  const seen = (call: Promise<{ $metadata: { httpStatusCode?: number } }>): Promise<Seen> =>
    call.then(
      ({ $metadata }) => ({ status: $metadata.httpStatusCode ?? 0 }),
      ({ $metadata, name, message }) => ({ status: $metadata.httpStatusCode, name, message }),
    );
  return {
    post: (ConnectionId, Data) =>
      seen(client.send(new PostToConnectionCommand({ ConnectionId, Data }))),
    get: (ConnectionId) => seen(client.send(new GetConnectionCommand({ ConnectionId }))),
    remove: (ConnectionId) => seen(client.send(new DeleteConnectionCommand({ ConnectionId }))),
  };
}

function sdkV2(): Sdk {
  const client = new Management({
    endpoint: gateway.managementUrl,
    region: "us-east-1",
    credentials: gateway.credentials,
  });
  const seen = (
    request: ReturnType<typeof client.postToConnection | typeof client.getConnection>,
  ): Promise<Seen> =>
    new Promise((resolve) => {
      request.on("complete", ({ error, httpResponse: { statusCode: status } }) => {
        if (!error) return resolve({ status });
        const { code: name, message } = error as Error & { code: string };
        resolve({ status: (error as { statusCode?: number }).statusCode ?? 0, name, message });
      });
      request.send();
    });
  return {
    post: (ConnectionId, Data) => seen(client.postToConnection({ ConnectionId, Data })),
    get: (ConnectionId) => seen(client.getConnection({ ConnectionId })),
    remove: (ConnectionId) => seen(client.deleteConnection({ ConnectionId })),
  };
}

const SDKS: readonly (readonly [string, () => Sdk])[] = [
  ["SDK v3", sdkV3],
  ["SDK v2", sdkV2],
];

test.each(SDKS)("every operation tells %s that a connection is gone", async (_, sdk) => {
  const { post, get, remove } = sdk();

  const seen = [await post(NEVER_USED, Buffer.from("x")), await get(NEVER_USED)];
  seen.push(await remove(NEVER_USED));

  for (const one of seen) expect(one).toMatchObject({ status: 410, name: "GoneException" });
});

test.each(SDKS)("every operation reports a malformed id to %s, decoded", async (_, sdk) => {
  const { post, get, remove } = sdk();

  for (const id of [
    GOOD_AND_MORE,
    "bot_GAMECODE_X",
    "a/b ü@=",
    "%3D",
    ".",
    NEVER_USED.slice(0, -1),
  ]) {
    if (id === "." && sdk === sdkV2) continue; // it signs another path than it sends
    const malformed = {
      status: 400,
      name: "BadRequestException",
      message: `Invalid connectionId: ${id}`,
    };
    expect(await post(id, Buffer.from("x"))).toEqual(malformed);
    expect(await get(id)).toEqual(malformed);
    expect(await remove(id)).toEqual(malformed);
  }
});

test.each(SDKS)("%s posts 131,072 bytes, and no more", async (_, sdk) => {
  const { post } = sdk();

  expect(await post(open, Buffer.alloc(LARGEST, 97))).toEqual({ status: 200 });
  expect(await post(open, Buffer.alloc(LARGEST + 1, 97))).toMatchObject({
    status: 413,
    name: expect.stringMatching(/^Unknown/), // no header names the error
  });
});

test.each(SDKS)("%s gets 204 for a deleted connection, and 410 from then on", async (_, sdk) => {
  const { connectionId, closed } = await gateway.connect();
  const { remove, get } = sdk();

  expect(await remove(connectionId)).toEqual({ status: 204 });
  expect(await closed).toEqual({ code: 1000, reason: "Connection Closed Normally" });
  expect(await remove(connectionId)).toMatchObject({ status: 410 });
  expect(await get(connectionId)).toMatchObject({ status: 410 });
});

test("SDK v3 asks for a gone connection once", async () => {
  const before = gateway.facts("management.answered").length;

  await sdkV3().post(NEVER_USED, Buffer.from("x"));

  expect(gateway.facts("management.answered")).toHaveLength(before + 1);
});

const BOTO3 = `
import sys
try:
    import boto3
except ImportError:
    sys.exit("no boto3")
client = boto3.client("apigatewaymanagementapi", endpoint_url=sys.argv[1], region_name="us-east-1")
def tell(call, **arguments):
    try:
        print(call(**arguments)["ResponseMetadata"]["HTTPStatusCode"])
    except client.exceptions.GoneException as error:
        print("gone", error.response["ResponseMetadata"]["HTTPStatusCode"], error)
    except Exception as error:
        print(type(error).__name__, error)
tell(client.post_to_connection, ConnectionId=sys.argv[2], Data=b"from Python")
for one in (client.get_connection, client.delete_connection):
    tell(one, ConnectionId="${NEVER_USED}")
tell(client.post_to_connection, ConnectionId="${GOOD_AND_MORE}", Data=b"x")
tell(client.post_to_connection, ConnectionId=sys.argv[2], Data=b"x" * ${LARGEST + 1})
`;

import { stopChecked } from "../checked-facts.ts";

test("boto3 knows every error by its name", { tags: ["journey"] }, async ({ skip }) => {
  const { accessKeyId, secretAccessKey, sessionToken } = gateway.credentials;

  const ran = promisify(execFile)("python3", ["-c", BOTO3, gateway.managementUrl, open], {
    env: {
      PATH: process.env.PATH,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_CONFIG_FILE: "/nonexistent",
      AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
    },
  });

  const lines = await ran.then(
    ({ stdout }) => stdout.trim().split("\n"),
    ({ stderr, code }) => {
      if (process.env.CI === "true" || !(code === "ENOENT" || stderr.includes("no boto3")))
        throw new Error(stderr);
      return undefined;
    },
  );
  if (lines === undefined) return skip("skipped: no boto3 here");
  expect(lines.map((line: string) => line.trim())).toEqual([
    "200",
    "gone 410 An error occurred (GoneException) when calling the GetConnection operation:",
    "gone 410 An error occurred (GoneException) when calling the DeleteConnection operation:",
    `ClientError An error occurred (BadRequestException) when calling the PostToConnection operation: Invalid connectionId: ${GOOD_AND_MORE}`,
    "ClientError An error occurred (413) when calling the PostToConnection operation:",
  ]);
});
