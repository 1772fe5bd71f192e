import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { createControlRouter } from "../../../src/emulator/control/router.ts";
import type { Entry } from "../../../src/emulator/journal/journal.ts";
import { listen } from "../../listen.ts";

type Listener = (entry: Entry<{ type: string }>) => void;

/** A follower of the facts that reads nothing yet, and the gateway's side of it. */
async function follower() {
  let listener: Listener | undefined;
  const left: unknown[] = [];
  const router = createControlRouter({
    token: "token",
    project: () => ({}) as never,
    credentialsOf: () => undefined,
    connections: () => [],
    journal: {
      entries: () => [],
      record: () => {
        throw new Error("nothing is recorded");
      },
      subscribe(heard: Listener) {
        listener = heard;
        return () => left.push(heard);
      },
    } as unknown as Parameters<typeof createControlRouter>[0]["journal"],
  });
  const responses: ServerResponse[] = [];
  const server = createServer((incoming, response) => {
    responses.push(response);
    router(incoming, response);
  });
  const port = await listen(server);
  const asked = request(`http://127.0.0.1:${port}/_wsgw/facts?follow=true`, {
    headers: { authorization: "Bearer token" },
    agent: false,
  }).end();
  asked.on("error", () => {});
  onTestFinished(() => void asked.destroy());
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  answer.on("error", () => {});
  await expect.poll(() => listener).toBeDefined();
  const tell = (text: string) => listener?.({ type: text } as Entry<{ type: string }>);
  return { asked, response: responses[0]!, tell, left, heard: () => listener };
}

test("a reader of the facts that is too slow is cut off at 64 MB", async () => {
  const { response, tell } = await follower();
  const megabyte = "x".repeat(1024 * 1024);

  for (let at = 0; at < 60; at += 1) tell(megabyte);
  expect(response.destroyed).toBe(false);
  for (let at = 0; at < 6; at += 1) tell(megabyte);

  expect(response.destroyed).toBe(true);
});

test("a reader of the facts that has left gets nothing more", async () => {
  const { asked, response, left, heard } = await follower();

  asked.destroy();
  await once(response, "close");

  expect(left).toEqual([heard()]);
});
