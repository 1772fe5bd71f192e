import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { collectBody } from "../../../src/emulator/network/request-body.ts";

/** Connects to a server, which accepts it before this ends. */
async function connectTo(server: Server): Promise<Socket> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const accepted = once(server, "connection");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  await Promise.all([once(socket, "connect"), accepted]);
  return socket;
}

test("handles a report on another socket before a request that arrived in the same turn of the event loop", async () => {
  const order: string[] = [];
  const http = createHttpServer((request, response) => {
    collectBody(request, 100, ({ body }) => {
      order.push(`request ${body}`);
      response.end();
    });
  });
  const reports = createServer((socket) => {
    socket.on("data", (data) => order.push(`report ${data}`));
  });
  const caller = await connectTo(http);
  const reporter = await connectTo(reports);

  caller.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\npost");
  reporter.write("started");
  await once(caller, "data");

  expect(order).toEqual(["report started", "request post"]);
});

test.each([
  [true, ["request", "next phase"]],
  [false, ["next phase", "request"]],
])(
  "waits for the next phase of the event loop unless the caller is known (%s)",
  async (isCallerKnown, expected) => {
    const order: string[] = [];
    const http = createHttpServer((request, response) => {
      request.on("end", () => setImmediate(() => order.push("next phase")));
      const answer = (): void => {
        order.push("request");
        setImmediate(() => response.end());
      };
      collectBody(request, 100, answer, () => isCallerKnown);
    });
    const caller = await connectTo(http);

    caller.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\npost");
    await once(caller, "data");

    expect(order).toEqual(expected);
  },
);
