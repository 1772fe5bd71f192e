import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { TestGateway } from "../../src/testing/index.ts";
import { gatewayFor } from "./support.ts";

const config = fileURLToPath(new URL("../../wsgw.config.ts", import.meta.url));
const HELLO = '{"message":"sendmessage", "data":"hello world !"}';

/** The sample of this repository, its handlers in child processes as `wsgw dev` runs them. */
function startChat(): Promise<TestGateway> {
  return gatewayFor(config, { runtime: "child-process" });
}

test("what one says in the sample chat, all hear: the raw JSON of data", async () => {
  const gateway = await startChat();
  const [ann, bob] = [await gateway.connect(), await gateway.connect()];

  ann.send(HELLO);

  expect(await ann.next()).toBe('"hello world !"');
  expect(await bob.next()).toBe('"hello world !"');
});

test("who has left the sample chat is in its table no more", async () => {
  const gateway = await startChat();
  const [ann, bob] = [await gateway.connect(), await gateway.connect()];
  expect(await gateway.table("connections").items()).toHaveLength(2);

  await bob.close();
  await gateway.settled();

  expect(await gateway.table("connections").items()).toEqual([{ connectionID: ann.connectionId }]);
});

test("the sample chat forgets a connection that is gone and serves the others", async () => {
  const gateway = await startChat();
  const ann = await gateway.connect();
  await gateway.table("connections").put({ connectionID: "Xux7aeaAFiACHZQ=" });

  ann.send(HELLO);
  expect(await ann.next()).toBe('"hello world !"');
  await gateway.settled();

  expect(await gateway.table("connections").items()).toEqual([{ connectionID: ann.connectionId }]);
});
