import { once } from "node:events";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { startGateway } from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";
import { buildLambdaChild } from "../contracts/lambda-setup.ts";
import { chat, rootOf, type Style, skippedFor } from "../unchanged-chat.ts";

const RUNTIMES = ["child-process", "in-process"] as const;
const GONE = "Xux7aeaAFiACHZQ=";

/** Styles once more, where no package is found but those that wsgw brings along. */
export const ALONE: readonly Style[] = [
  { style: "no packages of its own, ES modules", directory: "sdk-v3-modules", alone: true },
  { style: "no packages of its own, CommonJS", directory: "execute-api-host", alone: true },
  { style: "no packages of its own, TypeScript", directory: "typescript", alone: true },
];

/** Where the code of a chat runs. */
type Runtime = (typeof RUNTIMES)[number];

/** One test for each chat and each of `runtimes` that it can run in. */
export function testStyles(
  styles: readonly Style[],
  runtimes: readonly Runtime[] = RUNTIMES,
): void {
  beforeAll(buildLambdaChild);
  for (const style of styles) {
    const skipped = skippedFor(style);
    const because = skipped === undefined ? "" : `, ${skipped}`;
    for (const runtime of style.more === undefined ? runtimes : RUNTIMES.slice(0, 1)) {
      test.skipIf(skipped !== undefined)(
        `${style.style}: the chat works unchanged (${runtime}${because})`,
        () => playChat(style, runtime),
        60_000,
      );
    }
  }
}

async function playChat(style: Style, runtime: Runtime): Promise<void> {
  const gateway = await startGateway(chat(style), { root: rootOf(style), runtime, waitMs: 30_000 });
  onTestFinished(() => stopChecked(gateway));
  const connections = gateway.table("connections");
  const ids = async () => (await connections.items()).map((item) => item.connectionId);

  const [ann, bob] = [await open(gateway.url), await open(gateway.url)];
  await connections.put({ connectionId: GONE });
  expect(await ids()).toHaveLength(3);
  ann.send(JSON.stringify({ action: "sendmessage", data: "hello world ! ✓" }));

  expect(await ann.next()).toBe("hello world ! ✓");
  expect(await bob.next()).toBe("hello world ! ✓");
  await gateway.fact("message.answered");
  expect(await ids()).not.toContain(GONE);

  bob.close();
  await gateway.fact("function.ended", ({ functionName }) => functionName === "disconnect");
  expect(await ids()).toHaveLength(1);
  expect(outcomes(gateway.facts("function.ended"))).toEqual(["returned"]);
}

/** A client of the package `ws`, as anybody would use it. */
async function open(url: string) {
  const socket = new WebSocket(url);
  onTestFinished(() => socket.terminate());
  const messages: string[] = [];
  socket.on("message", (data) => messages.push(data.toString()));
  await once(socket, "open");
  return {
    send: (text: string) => socket.send(text),
    close: () => socket.close(),
    async next() {
      while (messages.length === 0) await once(socket, "message");
      return messages.shift();
    },
  };
}

function outcomes(ends: readonly { readonly outcome: { readonly kind: string } }[]): string[] {
  return [...new Set(ends.map(({ outcome }) => outcome.kind))];
}
