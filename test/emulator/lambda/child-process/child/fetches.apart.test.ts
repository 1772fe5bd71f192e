import { once } from "node:events";
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { watchFetches } from "../../../../../src/emulator/lambda/child-process/child/fetches.ts";
import { listen } from "../../../../listen.ts";

test("a fetch counts until its response begins or it fails, without its query", async () => {
  const server = createServer();
  const url = `http://127.0.0.1:${await listen(server)}`;
  const running = watchFetches();
  const lines = () => [...running.values()].filter((line) => line.includes(url));

  const answered = fetch(`${url}/answered?secret=1`, { method: "POST" });
  const [, response] = await once(server, "request");
  expect(lines()).toEqual([`POST ${url}/answered`]);
  response.flushHeaders();
  await answered;
  expect(lines()).toEqual([]);
  response.end();

  const failed = fetch(`${url}/failed`);
  const [request] = await once(server, "request");
  expect(lines()).toEqual([`GET ${url}/failed`]);
  request.socket.destroy();
  await expect(failed).rejects.toThrow("fetch failed");

  expect(lines()).toEqual([]);
});
