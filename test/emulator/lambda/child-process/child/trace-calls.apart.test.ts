import { once } from "node:events";
import { ClientRequest, createServer, type IncomingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { traceCalls } from "../../../../../src/emulator/lambda/child-process/child/trace-calls.ts";

const prototype = ClientRequest.prototype as unknown as { _storeHeader: unknown };
const before = prototype._storeHeader;
afterAll(() => {
  prototype._storeHeader = before;
});

let trace: string | undefined;
const server = createServer((incoming, response) => {
  response.end(JSON.stringify(incoming.headers));
});
await once(server.listen(0, "127.0.0.1"), "listening");
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
const { port } = server.address() as AddressInfo;
traceCalls(
  {
    region: "us-east-1",
    apis: [],
    address: { host: "127.0.0.1", port },
    standIns: [],
    allowAws: false,
  },
  () => trace,
);

/** The headers that the server got. */
function byRequest(host: string, headers: Record<string, string> = {}) {
  return new Promise<IncomingHttpHeaders>((resolve, reject) => {
    const outgoing = request({ host, port, headers }, async (response) => {
      resolve(JSON.parse(Buffer.concat(await response.toArray()).toString()));
    });
    outgoing.on("error", reject).end();
  });
}

const byFetch = async (host: string, headers: Record<string, string> = {}) =>
  (await (await fetch(`http://${host}:${port}`, { headers })).json()) as IncomingHttpHeaders;

test.each([
  ["node:http", byRequest],
  ["fetch", byFetch],
])("a call of the gateway by %s has the trace of the running event", async (_, call) => {
  trace = "Root=1-a";
  expect(await call("localhost")).toMatchObject({ "x-amzn-trace-id": "Root=1-a" });
  expect(await call("localhost", { "X-Amzn-Trace-Id": "Root=own" })).toMatchObject({
    "x-amzn-trace-id": "Root=own",
  });
  expect(await call("127.0.0.1")).not.toHaveProperty("x-amzn-trace-id");

  trace = undefined;
  expect(await call("localhost")).not.toHaveProperty("x-amzn-trace-id");
});
