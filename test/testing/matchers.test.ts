import { expect, test } from "vitest";
import "../../src/testing/vitest.ts";
import { ok, startedWith } from "./gateways.ts";

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: Error) => error.message,
  );

const answering = () =>
  startedWith(async (event) => ({ statusCode: 200, body: "body" in event ? event.body : "" }));

test("toHaveReceived waits for the message, and fails without a time limit when none can come", async () => {
  const gateway = await answering();
  const ann = await gateway.connect();

  ann.sendJson({ action: "ask", n: 1 });
  await expect(ann).toHaveReceived(/"n":1/);
  await expect(ann).toHaveReceived(expect.stringContaining("ask"));
  await expect(ann).not.toHaveReceived("other");

  expect(await failureOf(expect(ann).toHaveReceived("other"))).toContain(
    `expected client 1 (${ann.connectionId}) to receive a message like "other", but it received\n'{"action":"ask","n":1}'`,
  );
  expect(await failureOf(expect(ann).not.toHaveReceived(/ask/))).toBeDefined();
});

test("toHaveReceived passes while a handler still runs", async () => {
  const gateway = await startedWith(
    async (event) =>
      "body" in event && event.body.includes("hang")
        ? new Promise(() => {})
        : { statusCode: 200, body: "x" },
    { waitMs: 60_000 },
  );
  const ann = await gateway.connect();

  ann.sendJson({ action: "hang" });
  ann.sendJson({ action: "ask" });

  await expect(ann).toHaveReceived("x");
});

test("toHaveReceivedJson compares a part of the JSON", async () => {
  const gateway = await answering();
  const ann = await gateway.connect();

  ann.sendJson({ action: "ask", deep: { list: [1, 2] }, more: true });

  await expect(ann).toHaveReceivedJson({ deep: { list: [1, expect.any(Number)] } });
  await expect(ann).not.toHaveReceivedJson({ deep: { list: [1] } });
  expect(await failureOf(expect(ann).toHaveReceivedJson({ more: false }))).toContain(
    "JSON like { more: false }",
  );
});

test("toBeClosedWith tells an open connection from one that was closed otherwise", async () => {
  const gateway = await startedWith(ok);
  const ann = await gateway.connect();
  await expect(ann).not.toBeClosedWith(1001);
  expect(await failureOf(expect(ann).toBeClosedWith(1001))).toContain("but it is open");

  await gateway.clock.advance("10m");

  await expect(ann).toBeClosedWith(1001, "Going away");
  expect(await failureOf(expect(ann).toBeClosedWith(1000, /x/))).toContain(
    'closed with 1000 /x/, but it was closed with 1001 "Going away"',
  );
});

test("toHaveInvoked checks the events of invocations", async () => {
  const gateway = await startedWith(ok);
  const ann = await gateway.connect();
  ann.send("hello");

  await expect(gateway).toHaveInvoked("all", { body: "hello" });
  await expect(gateway).toHaveInvokedTimes("all", 2);
  await expect(gateway).not.toHaveInvoked("all", { body: "other" });
  expect(await failureOf(expect(gateway).toHaveInvoked("all", { body: "x" }))).toContain(
    '"body":"hello"',
  );
  expect(await failureOf(expect(gateway).toHaveInvokedTimes("all", 1))).toContain("it was 2 times");
  expect(await failureOf(expect(gateway).toHaveInvoked("none"))).toContain('no function "none"');
});

test("toBeRefusedWith compares status and body of a handshake", async () => {
  const gateway = await startedWith(async () => ({
    statusCode: 403,
    body: '{"message":"not you"}',
  }));

  const rejected = await gateway.handshake();

  await expect(rejected).toBeRefusedWith(403, { message: /not you/ });
  expect(await failureOf(expect(rejected).toBeRefusedWith(401))).toContain(
    "rejected with HTTP 401, but it was rejected with 403",
  );
});

test("a matcher of clients says so when it gets something else", async () => {
  expect(await failureOf(expect({}).toHaveReceived("x"))).toContain(
    "needs a client from gateway.connect()",
  );
});
