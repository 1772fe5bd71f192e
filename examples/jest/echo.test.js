const { messageEvent, startGateway } = require("wsgw/testing");
const { handler } = require("./echo.js");

let gateway;
beforeEach(async () => {
  gateway = await startGateway("wsgw.config.json");
});
afterEach(() => gateway.stop());

test("a message comes back in capitals", async () => {
  const ann = await gateway.connect();

  ann.send("hello");

  await expect(ann).toHaveReceived("HELLO");
  await expect(ann).not.toHaveReceived(expect.stringContaining("hello"));
  expect(gateway.invocations("echo")).toHaveLength(1);
});

test("a mock of Jest answers in place of the handler", async () => {
  const answer = jest.fn().mockResolvedValue({ statusCode: 200, body: "mocked" });
  const mocked = await startGateway("wsgw.config.json", { handlers: { echo: answer } });
  const ann = await mocked.connect();

  ann.send("hello");

  await ann.expectNext("mocked");
  expect(answer).toHaveBeenCalledTimes(1);
  await mocked.stop();
});

test("a handler by itself", async () => {
  expect(await handler(messageEvent("hi"))).toEqual({ statusCode: 200, body: "HI" });
});
