import { expect, onTestFinished, test } from "vitest";
import { startGateway } from "wsgw/testing";

test("what one says, all hear", async () => {
  const gateway = await startGateway("wsgw.config.{{extension}}");
  onTestFinished(() => gateway.stop());
  const ann = await gateway.connect();
  const bob = await gateway.connect();

  ann.sendJson({ message: "sendmessage", data: "hello" });

  await expect(ann).toHaveReceivedJson("hello");
  await expect(bob).toHaveReceivedJson("hello");
});
