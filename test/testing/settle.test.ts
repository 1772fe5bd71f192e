import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import type { MessageEvent, WebSocketEvent } from "../../src/testing/index.ts";
import { ok, startedPosting, startedWith } from "./gateways.ts";

/** A promise that the test settles. */
function gate() {
  let open: (value: object) => void = () => {};
  const passed = new Promise<object>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

/** Whether `work` is done after some rounds of the gateway's own messages. */
async function isDone(work: Promise<unknown>, rounds: () => Promise<unknown>): Promise<boolean> {
  let done = false;
  void work.then(() => {
    done = true;
  });
  for (let round = 0; round < 5; round += 1) await rounds();
  return done;
}

test("a message that was sent just now has been answered once the gateway has settled", async () => {
  const gateway = await startedWith(async () => ({ statusCode: 200, body: "answer" }));
  const [ann, bob] = [await gateway.connect(), await gateway.connect()];

  for (let n = 1; n <= 20; n += 1) {
    ann.sendJson({ action: "ask" });
    bob.sendJson({ action: "ask" });
    await gateway.settled();
    expect([ann.received.length, bob.received.length]).toEqual([n, n]);
  }
});

test("a chain of posts has reached its end", async () => {
  const gateway = await startedPosting();
  const [ann, bob] = [await gateway.connect(), await gateway.connect()];

  ann.sendJson({ to: [bob.connectionId, ann.connectionId], data: "x".repeat(30_000) });
  await gateway.settled();

  expect([ann.received, bob.received].map(([text]) => text?.length)).toEqual([30_000, 30_000]);
});

test("a running handler, and nothing else, keeps the gateway from settling", async () => {
  const { passed, open } = gate();
  const gateway = await startedWith(({ requestContext }) =>
    requestContext.eventType === "MESSAGE" ? passed : ok(),
  );
  const ann = await gateway.connect();
  ann.send("x");
  const settled = gateway.settled();

  expect(await isDone(settled, () => ann.ping())).toBe(false);
  open({ statusCode: 200 });

  await settled;
  expect(gateway.invocations("all").map(({ state }) => state)).toEqual(["returned", "returned"]);
});

test("a function that its route no longer waits for is waited for", async () => {
  const { passed, open } = gate();
  const gateway = await startedWith(({ requestContext }) =>
    requestContext.eventType === "MESSAGE" ? passed : ok(),
  );
  const ann = await gateway.connect();
  ann.send("x");
  await gateway.fact("function.started", ({ event }) => "body" in event);
  await gateway.clock.advance("19s");
  const settled = gateway.settled();

  expect(await isDone(settled, () => ann.ping())).toBe(false);
  open({ statusCode: 200 });
  await settled;
});

test.each<[string, (client: { close(): unknown; vanish(): void }) => unknown]>([
  ["closes", (client) => void client.close()],
  ["vanishes", (client) => client.vanish()],
])("when a client %s its $disconnect has run", async (_, leave) => {
  const left: string[] = [];
  const gateway = await startedWith(async ({ requestContext }) => {
    if (requestContext.eventType === "DISCONNECT") left.push(requestContext.connectionId);
    return { statusCode: 200 };
  });
  const clients = [await gateway.connect(), await gateway.connect()];

  for (const client of clients) leave(client);
  await gateway.settled();

  expect(new Set(left)).toEqual(new Set(clients.map(({ connectionId }) => connectionId)));
  expect(gateway.connections).toEqual([]);
});

test("a message that is sent right before its sender leaves has been handled", async () => {
  const bodies: string[] = [];
  const gateway = await startedWith(async (event: WebSocketEvent) => {
    if (event.requestContext.eventType === "MESSAGE") bodies.push((event as MessageEvent).body);
    return { statusCode: 200 };
  });
  const ann = await gateway.connect();

  ann.send("last words");
  void ann.close();
  await gateway.settled();

  expect(bodies).toEqual(["last words"]);
});

test("clients that the gateway closes have heard of it", async () => {
  const gateway = await startedWith(ok);
  const ann = await gateway.connect();
  let code = 0;
  void ann.closed.then((closed) => {
    code = closed.code;
  });

  await gateway.clock.advance("10m");
  await gateway.settled();

  expect(code).toBe(1001);
});

test("a handshake that was begun is answered", async () => {
  const gateway = await startedWith(ok);
  const connecting = gateway.connect();

  await gateway.settled();

  expect(gateway.connections).toHaveLength(1);
  await connecting;
});

test("waits for a post that no handler awaits, and reports a missing await", async () => {
  const gateway = await startedPosting();
  const ann = await gateway.connect();
  ann.sendJson({ to: [ann.connectionId], data: "warm" });
  await ann.expectNext("warm");
  await gateway.settled();
  expect(gateway.facts("function.unfinished")).toEqual([]);

  ann.sendJson({ to: [ann.connectionId], data: "late", forgets: true });
  await gateway.settled();

  expect(ann.received).toEqual(["warm", "late"]);
  expect(gateway.facts("function.unfinished")).toMatchObject([
    {
      functionName: "all",
      connectionId: ann.connectionId,
      calls: [
        expect.stringMatching(
          /^POST https:\/\/[a-z\d]{10}\.execute-api\.us-east-1\.amazonaws\.com\/dev\/@connections\//,
        ),
      ],
    },
  ]);
});

test("frames of an outside client are waited for, also when it does not answer pings", {
  tags: ["journey"],
}, async () => {
  const gateway = await startedWith(async () => ({ statusCode: 200, body: "answer" }));
  const outside = new WebSocket(gateway.url);
  const mute = new WebSocket(gateway.url, { autoPong: false });
  onTestFinished(() => [outside, mute].forEach((socket) => void socket.terminate()));
  const received: string[] = [];
  outside.on("message", (data) => received.push(String(data)));
  await Promise.all([once(outside, "open"), once(mute, "open")]);

  outside.send('{"action":"ask"}');
  await gateway.settled();

  expect(received).toEqual(["answer"]);
});

test("a gateway that does not settle in time says what runs and what happened last", async () => {
  const gateway = await startedWith(({ requestContext }) =>
    requestContext.eventType === "MESSAGE" ? new Promise(() => {}) : ok(),
  );
  const ann = await gateway.connect();
  ann.send("stuck");
  await gateway.fact("function.started", ({ event }) => "body" in event);

  const error = await gateway.settled({ timeoutMs: 50 }).catch((reason: Error) => reason);

  expect(error).toMatchObject({ code: "WAIT_TIMED_OUT" });
  expect(String(error)).toContain(`did not settle within 50 ms: all runs for ${ann.connectionId}.`);
  expect(String(error)).toContain('client 1 sends "stuck"');
});

test("a stopped gateway is settled", async () => {
  const gateway = await startedWith(ok);
  await gateway.connect();

  await gateway.stop();

  await gateway.settled();
});

test("without the await a post does not arrive from a handler that is frozen as on Lambda", async () => {
  const gateway = await startedPosting({ runtime: "child-process" });
  const ann = await gateway.connect();

  ann.sendJson({ to: [ann.connectionId], data: "careless", forgets: true });
  await gateway.settled();

  expect(gateway.invocations()).toHaveLength(2);
  expect(gateway.posts()).toEqual([]);
  expect(ann.received).toEqual([]);
});
