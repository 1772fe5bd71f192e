import { once } from "node:events";
import { connect, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createClock, createManualClock } from "../src/clock.ts";
import { listen } from "./listen.ts";

test("a manual clock runs what falls due in order, each at its own moment", () => {
  const clock = createManualClock(1000);
  const seen: string[] = [];
  clock.schedule(30, () => seen.push(`c@${clock.now()}`));
  clock.schedule(10, () => {
    seen.push(`a@${clock.now()}`);
    clock.schedule(10, () => seen.push(`b@${clock.now()}`));
  });
  clock.schedule(31, () => seen.push("too late"));

  clock.advance(30);

  expect(seen).toEqual(["a@1010", "b@1020", "c@1030"]);
  expect(clock.now()).toBe(1030);
  expect(clock.elapsed()).toBe(30);
});

test("what is cancelled does not run", () => {
  const clock = createManualClock(0);
  let ran = false;
  const cancel = clock.schedule(5, () => {
    ran = true;
  });

  cancel();
  clock.advance(10);

  expect(ran).toBe(false);
});

test("the machine's clock runs what is scheduled and not what is cancelled", async () => {
  const clock = createClock();
  const order: string[] = [];

  await new Promise<void>((resolve) => {
    clock.schedule(1, () => order.push("cancelled"))();
    clock.schedule(2, () => order.push("first"));
    const alive = setInterval(() => {}, 1000); // the clock's own timers keep nothing alive
    clock.schedule(3, () => {
      clearInterval(alive);
      resolve();
    });
  });

  expect(order).toEqual(["first"]);
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
});

test("handles input that arrived in time before the limit, even if the machine was suspended", async () => {
  const server = createServer();
  const socket = connect(await listen(server), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  const [[peer]] = await Promise.all([once(server, "connection"), once(socket, "connect")]);
  peer.on("error", () => {}); // the client is gone first
  const order: string[] = [];
  socket.once("data", () => order.push("answer"));
  const limit = new Promise<void>((resolve) => {
    createClock().schedule(1, () => {
      order.push("limit");
      resolve();
    });
  });

  peer.write("answer");
  for (const end = performance.now() + 20; performance.now() < end; );

  await limit;
  expect(order).toEqual(["answer", "limit"]);
});
