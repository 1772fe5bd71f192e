import assert from "node:assert/strict";
import { test } from "node:test";
import { startGateway } from "wsgw/testing";

test("a message comes back in capitals", async (t) => {
  const gateway = await startGateway("wsgw.config.json");
  t.after(() => gateway.stop());
  const ann = await gateway.connect();

  ann.send("hello");

  await ann.expectNext("HELLO");
  await ann.expectNothing();
  assert.equal(gateway.invocations("echo").length, 1);
});

test("a silent connection is closed after ten minutes", async (t) => {
  const gateway = await startGateway("wsgw.config.json");
  t.after(() => gateway.stop());
  const ann = await gateway.connect();

  await gateway.clock.advance("10m");

  await ann.expectClosed(1001, "Going away");
});
