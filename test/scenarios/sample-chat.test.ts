import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { gatewayFor } from "./support.ts";

const config = fileURLToPath(new URL("../../wsgw.config.ts", import.meta.url));
const HELLO = '{"message":"sendmessage", "data":"hello world !"}';

test("in the sample chat all hear the raw JSON of data, and its table keeps only those who are there", async () => {
  // Its handlers in child processes as `wsgw dev` runs them.
  const gateway = await gatewayFor(config, { runtime: "child-process" });
  const connections = gateway.table("connections");
  const [ann, bob] = [await gateway.connect(), await gateway.connect()];
  expect(await connections.items()).toHaveLength(2);

  ann.send(HELLO);
  expect(await ann.next()).toBe('"hello world !"');
  expect(await bob.next()).toBe('"hello world !"');

  await bob.close();
  await gateway.settled();
  expect(await connections.items()).toEqual([{ connectionID: ann.connectionId }]);

  await connections.put({ connectionID: "Xux7aeaAFiACHZQ=" });
  ann.send(HELLO);
  expect(await ann.next()).toBe('"hello world !"');
  await gateway.settled();
  expect(await connections.items()).toEqual([{ connectionID: ann.connectionId }]);
});
