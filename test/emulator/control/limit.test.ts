import { createServer, type RequestListener } from "node:http";
import { expect, test } from "vitest";
import { openControl } from "../../../src/emulator/control/client.ts";
import { callManagement } from "../../../src/emulator/control/management-call.ts";
import { CONTROL_VERSION } from "../../../src/emulator/control/protocol.ts";
import { listen } from "../../listen.ts";

const CREDENTIALS = { accessKeyId: "a", secretAccessKey: "b", sessionToken: undefined };

/** A gateway that hangs, and everything that is asked of one. */
async function hanging(answer: RequestListener, answerMs = 50) {
  const url = `http://127.0.0.1:${await listen(createServer(answer))}`;
  const limit = { answerMs };
  const control = openControl({ url, token: "t", version: CONTROL_VERSION }, limit);
  const target = { managementUrl: `${url}/v1`, credentials: CREDENTIALS };
  return {
    url,
    ask: {
      project: () => control.project(),
      connections: () => control.connections(),
      connectionOf: () => control.connectionOf("id"),
      facts: () => control.facts(),
      follow: () => control.follow()[Symbol.asyncIterator]().next(),
      POST: () => callManagement(target, "POST", "id", "hello", limit),
      GET: () => callManagement(target, "GET", "id", "", limit),
    },
    control,
  };
}

const UNANSWERED = "it did not answer within 0.05 s. It may hang, or be suspended (Ctrl-Z).";

test.each(["project", "connections", "connectionOf", "facts", "follow", "POST", "GET"] as const)(
  "%s has a limit when the gateway takes the call and says nothing",
  async (call) => {
    const { ask } = await hanging(() => {});

    await expect(ask[call]()).rejects.toMatchObject({
      code: "GATEWAY_UNREACHABLE",
      message: expect.stringContaining(UNANSWERED),
    });
  },
);

test.each(["connections", "facts", "POST"] as const)(
  "%s has a limit when the gateway hangs in the middle of its answer",
  async (call) => {
    const { ask } = await hanging((_, response) => response.write("["));

    await expect(ask[call]()).rejects.toMatchObject({
      code: "GATEWAY_UNREACHABLE",
      message: expect.stringContaining(UNANSWERED),
    });
  },
);

test("an answer that breaks off is a gateway that cannot be asked", async () => {
  const { ask, url } = await hanging((_, response) => {
    response.write("[");
    setImmediate(() => response.destroy());
  }, 60_000);

  await expect(ask.connections()).rejects.toMatchObject({
    message: `The gateway at ${url} does not answer: the connection was dropped (ECONNRESET).`,
  });
});

test("what follows the facts may hear nothing for long", async () => {
  let tell: (line: string) => void = () => {};
  const { ask, control } = await hanging((request, response) => {
    response.flushHeaders();
    if (request.url?.includes("follow") !== true) return;
    tell = (line) => response.write(line);
  }, 300);
  const facts = control.follow()[Symbol.asyncIterator]();
  const next = facts.next();

  // Two others, one after the other, have come to their limit meanwhile.
  await expect(ask.connections()).rejects.toThrow("it did not answer within 0.3 s.");
  await expect(ask.connections()).rejects.toThrow("it did not answer within 0.3 s.");
  tell('{"seq":1}\n');

  expect(await next).toMatchObject({ value: { seq: 1 } });
  await facts.return?.(undefined);
});

test("a loop over the facts that is ended before the gateway answers just ends", async () => {
  const { control } = await hanging(() => {});

  const facts = control.follow({ signal: AbortSignal.timeout(10) })[Symbol.asyncIterator]();

  expect(await facts.next()).toMatchObject({ done: true });
});
