// @ts-check
import { once } from "node:events";
import { request } from "node:http";
import dynalite from "dynalite";

/**
 * Serves an in-memory DynamoDB on a server that already listens, so that its address is known while this
 * module loads. Creates its only table, `connections`.
 * @param {import("node:http").Server} server @param {string} attribute name of the key
 */
export async function serveTable(server, attribute) {
  const database = dynalite({ createTableMs: 0 });
  server.on("request", (...exchange) => database.emit("request", ...exchange));

  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const call = request({ host: "127.0.0.1", port, method: "POST", headers: HEADERS });
  call.end(
    JSON.stringify({
      TableName: "connections",
      AttributeDefinitions: [{ AttributeName: attribute, AttributeType: "S" }],
      KeySchema: [{ AttributeName: attribute, KeyType: "HASH" }],
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
    }),
  );
  const [response] = await once(call, "response");
  if (response.statusCode !== 200) throw new Error(`CreateTable answered ${response.statusCode}.`);
  response.resume();
}

/** dynalite checks only the format of the signature. */
const HEADERS = {
  "content-type": "application/x-amz-json-1.0",
  "x-amz-date": "20300101T000000Z",
  "x-amz-target": "DynamoDB_20120810.CreateTable",
  authorization:
    "AWS4-HMAC-SHA256 Credential=a/20300101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=a",
};
