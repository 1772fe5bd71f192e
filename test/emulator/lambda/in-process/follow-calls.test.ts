import { hasSubscribers, subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { Agent, createServer, get, type RequestListener, request } from "node:http";
import type { Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createCallFollower } from "../../../../src/emulator/lambda/in-process/follow-calls.ts";
import { createKnownInvocations } from "../../../../src/emulator/lambda/known-invocations.ts";
import { listen } from "../../../listen.ts";

const ID = "579b030d-c00e-4cd7-ae57-3e3ae75fbceb";

/** Each sends a request and waits until the socket of it has closed. */
const clients: Record<string, (url: string) => Promise<void>> = {
  async "http.request"(url) {
    const sent = request(url, { agent: false }, (response) => response.resume()).end();
    const [socket] = await once(sent, "socket");
    await once(socket, "close");
  },
  async fetch(url) {
    const channel = "undici:client:sendHeaders";
    const closed = new Promise<void>((resolve) => {
      const onSent = (message: unknown) => {
        (message as { readonly socket: Socket }).socket.once("close", () => resolve());
        unsubscribe(channel, onSent);
      };
      subscribe(channel, onSent);
    });
    await (await fetch(url)).text();
    await closed;
  },
};

test.each(Object.keys(clients))(
  "a port belongs to the event whose code sent a request by %s until its socket closes",
  async (name) => {
    const invocations = createKnownInvocations();
    invocations.started("say", ID, { started: 7, connectionId: "ann", requestId: "a" });
    const owner = (port: number | undefined) => invocations.of(port, undefined, undefined)?.started;
    const owners: unknown[] = [];
    const ports: (number | undefined)[] = [];
    const answer: RequestListener = ({ socket }, response) => {
      owners.push(owner(socket.remotePort));
      ports.push(socket.remotePort);
      response.writeHead(200, { connection: "close" }).end();
    };
    const url = `http://127.0.0.1:${await listen(createServer(answer))}/`;
    const calls = createCallFollower(invocations);
    calls.begin();
    onTestFinished(calls.end);

    await new Promise<void>((resolve, reject) => {
      calls.run(ID, () => void clients[name]!(url).then(resolve, reject));
    });

    expect(owners).toEqual([7]);
    expect(owner(ports[0])).toBeUndefined();
  },
);

test("a connection that is used again belongs to the event of its latest request, or to none", async () => {
  const invocations = createKnownInvocations();
  const ids = [ID, "11111111-2222-4333-8444-555555555555"];
  ids.forEach((id, at) => {
    invocations.started("say", id, { started: at + 1, connectionId: "ann", requestId: "a" });
  });
  const owners: unknown[] = [];
  const ports = new Set<number | undefined>();
  const server = createServer(({ socket }, response) => {
    owners.push(invocations.of(socket.remotePort, undefined, undefined)?.started);
    ports.add(socket.remotePort);
    response.end();
  });
  const url = `http://127.0.0.1:${await listen(server)}/`;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const calls = createCallFollower(invocations);
  calls.begin();
  onTestFinished(calls.end);
  const fetchOnce = () =>
    new Promise<void>((resolve, reject) => {
      get(url, { agent }, (response) =>
        response.resume().once("end", () => setImmediate(resolve)),
      ).once("error", reject);
    });

  for (const id of ids) {
    await new Promise<void>((resolve, reject) => {
      calls.run(id, () => void fetchOnce().then(resolve, reject));
    });
  }
  await fetchOnce();

  expect(owners).toEqual([1, 2, undefined]);
  expect(ports.size).toBe(1);
});

test("requests are followed until the last gateway has ended", () => {
  const channels = [
    "http.client.request.start",
    "undici:request:create",
    "undici:client:sendHeaders",
  ];
  expect(channels.map(hasSubscribers)).toEqual([false, false, false]);
  const [one, other] = [1, 2].map(() => createCallFollower(createKnownInvocations()));

  one!.begin();
  other!.begin();
  one!.end();
  expect(channels.map(hasSubscribers)).toEqual([true, true, true]);
  other!.end();

  expect(channels.map(hasSubscribers)).toEqual([false, false, false]);
});
