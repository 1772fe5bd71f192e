import type { Socket as NetSocket } from "node:net";
import { expect, test } from "vitest";
import type { Socket } from "../../../../src/emulator/apigateway/ports.ts";
import {
  fakeGateway,
  handshakeBytes,
  openClient,
  openSocket,
  readUntil,
  startServers,
} from "../../servers.ts";

test("sends a long text in frames of at most 32,768 bytes, which make one message", async () => {
  const gateway = fakeGateway();
  const { port } = await startServers(gateway);
  const client = await openClient(`ws://localhost:${port}/v1`);
  const raw = await openSocket(port);
  raw.write(handshakeBytes());
  await readUntil(raw, "\r\n\r\n");
  const [first, second] = [await gateway.opened.next(), await gateway.opened.next()] as Socket[];
  const text = "ü".repeat(50_000);

  first!.send(text);
  const lengths = frameLengths(raw, 4);
  second!.send(text);

  expect(await client.texts.next()).toBe(text);
  expect(await lengths).toEqual([32_768, 32_768, 32_768, 1_696]);
});

test("texts of every length arrive whole, in characters of one byte and of several", async () => {
  const gateway = fakeGateway();
  const { port } = await startServers(gateway);
  const client = await openClient(`ws://localhost:${port}/v1`);
  const socket = await gateway.opened.next();
  const texts = [0, 1, 125, 126, 127, 10_922, 10_923, 32_768, 70_000].flatMap((length) => [
    "a".repeat(length),
    "é".repeat(length),
    "…".repeat(length),
    "😀".repeat(length / 2),
  ]);

  for (const text of texts) socket.send(text);

  for (const text of texts) expect(await client.texts.next()).toBe(text);
});

/** Payload lengths of the next frames from a server. */
function frameLengths(socket: NetSocket, count: number): Promise<number[]> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      const lengths: number[] = [];
      for (let at = 0; at + 4 <= bytes.length; ) {
        const length = bytes.readUInt16BE(at + 2);
        if (at + 4 + length > bytes.length) break;
        lengths.push(length);
        at += 4 + length;
      }
      if (lengths.length === count) resolve(lengths);
    });
  });
}
