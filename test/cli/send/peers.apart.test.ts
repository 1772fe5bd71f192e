import { expect, onTestFinished, test, vi } from "vitest";
import type { Attempt, Connected } from "../../../cli/send/connector.ts";
import { type PeerHooks, Peers } from "../../../cli/send/peers.ts";
import { backOff } from "../../../cli/send/reconnect.ts";

/** A connection that does nothing but note how it is closed, and end when the test says so. */
function connection() {
  let end = (_how: object): void => {};
  const closed = new Promise((resolve) => {
    end = resolve;
  });
  const close = vi.fn(async () => end({ code: 1000, reason: "" }));
  const client = { received: [], onFrame() {}, onPing() {}, closed, close, terminate: vi.fn() };
  const connected = { kind: "open", url: "ws://h", client } as unknown as Connected;
  return { connected, close, lose: () => end({ code: 1006, reason: "" }) };
}

function start() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const told: string[] = [];
  const hook = (name: string) => () => void told.push(name);
  const hooks = Object.fromEntries(
    ["onFrame", "onPing", "onGone", "onLost", "onStillLost", "onBack"].map((name) => [
      name,
      hook(name),
    ]),
  ) as unknown as PeerHooks;
  let answer = (_attempt: Attempt): void => {};
  const connect = vi.fn(
    () =>
      new Promise<Attempt>((resolve) => {
        answer = resolve;
      }),
  );
  const peers = new Peers(connect, { reconnect: true, hooks });
  return { peers, connect, told, answer: (attempt: Attempt) => answer(attempt) };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("a connection that comes after its peer has left is closed again, and its timer with it", async () => {
  const { peers, connect, told, answer } = start();
  const [first, second] = [connection(), connection()];
  const peer = peers.add("main", first.connected);
  first.lose();
  await turn();
  vi.advanceTimersByTime(backOff(0, 1));
  await turn();
  expect(connect).toHaveBeenCalledTimes(1);

  await peers.close(peer);
  answer(second.connected);
  await turn();

  expect(second.close.mock.calls).toEqual([[1000]]);
  expect(told).toEqual(["onLost", "onGone"]);
  expect(peers.all()).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test("a peer that leaves while it waits for the next attempt waits no longer", async () => {
  const { peers, connect, told } = start();
  const first = connection();
  peers.add("main", first.connected);
  first.lose();
  await turn();

  await peers.closeAll();
  await turn();

  expect(connect).not.toHaveBeenCalled();
  expect(told).toEqual(["onLost", "onGone"]);
  expect(vi.getTimerCount()).toBe(0);
});
