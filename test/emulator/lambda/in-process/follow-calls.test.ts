import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { createServer, type RequestListener, request } from "node:http";
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
