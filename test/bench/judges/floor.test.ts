import { expect, onTestFinished, test } from "vitest";
import { writeCertificate } from "../../../bench/certificate.mjs";
import { openClient } from "../../../bench/client.mjs";
import { startLoad } from "../../../bench/load-process.mjs";
import { startFloor } from "../../../bench/servers.mjs";
import { temporaryDirectory } from "../../temporary-directory.ts";

async function floor(app: "round-trip" | "cold-start") {
  const directory = temporaryDirectory();
  const server = await startFloor(app, writeCertificate(directory));
  onTestFinished(() => server.stop());
  return server;
}

test("the floor posts an echo back through @connections", async () => {
  const { url } = await floor("round-trip");
  const client = await openClient(url);
  onTestFinished(() => client.close());

  const answer = await client.ask('{"action":"echo","text":"grüße"}');

  expect(answer).toBe('{"action":"echo","text":"grüße"}');
});

test("the floor answers a two-way route and posts a broadcast to everybody", async () => {
  const { url } = await floor("round-trip");
  const ann = await openClient(url);
  const bob = await openClient(url);
  onTestFinished(() => Promise.all([ann.close(), bob.close()]).then(() => undefined));

  const ids = [await ann.ask('{"action":"id"}'), await bob.ask('{"action":"id"}')];
  const heard = Promise.all([ann.next(), bob.next()]);
  ann.send(JSON.stringify({ action: "broadcast", ids, text: "hello" }));

  expect(new Set(ids).size).toBe(2);
  expect(await heard).toEqual(["hello", "hello"]);
});

test("the load generator measures the floor with its table and reports no wrong answer", async () => {
  const { url } = await floor("cold-start");
  const load = startLoad();
  onTestFinished(() => load.stop());

  await load.run({ kind: "open", group: "one", url, count: 1 });
  const result = await load.run({ kind: "exchange", group: "one", action: "echo", messages: 5 });

  expect(result).toMatchObject({ completed: 5, wrong: 0 });
  expect(result.p50).toBeGreaterThan(0);
});

test("a job of the load generator that cannot be done is rejected, and the next one runs", async () => {
  const load = startLoad();
  onTestFinished(() => load.stop());

  await expect(load.run({ kind: "close", group: "nobody" })).rejects.toThrow('No group "nobody"');
  const opened = await load.run({ kind: "open", group: "all", url: "ws://127.0.0.1:9", count: 2 });

  expect(opened).toMatchObject({ failed: 2 });
});
