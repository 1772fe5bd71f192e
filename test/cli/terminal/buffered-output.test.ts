import { Writable } from "node:stream";
import { setImmediate as tick } from "node:timers/promises";
import { expect, test } from "vitest";
import { createOutput } from "../../../cli/terminal/buffered-output.ts";

/** A stream whose reader takes one write each time that the test lets it. */
function reader(highWaterMark = 16) {
  const writes: string[] = [];
  let take: (error?: Error) => void = () => {};
  const stream = new Writable({
    highWaterMark,
    decodeStrings: false,
    write(chunk, _encoding, done) {
      writes.push(String(chunk));
      take = done;
    },
  });
  return { stream, writes, take: (error?: Error) => take(error) };
}

test("writes the lines of one tick at once", async () => {
  const { stream, writes } = reader(1000);
  const output = createOutput(stream);

  output.line("a");
  output.line("b");
  expect(writes).toEqual([]);
  await tick();

  expect(writes).toEqual(["a\nb\n"]);
});

test("gathers lines while the reader is slow, and goes on when it has read", async () => {
  const { stream, writes, take } = reader();
  const output = createOutput(stream);
  output.line("x".repeat(20));
  await tick();

  output.line("b");
  await tick();
  output.line("c");
  await tick();
  expect(writes).toHaveLength(1);
  take();
  await tick();

  expect(writes).toEqual([`${"x".repeat(20)}\n`, "b\nc\n"]);
});

test("drops lines that a slow reader leaves no room for, and tells how many", async () => {
  const { stream, writes, take } = reader();
  const output = createOutput(stream, { limitChars: 4, dropped: (lines) => `dropped ${lines}` });
  output.line("x".repeat(20));
  await tick();

  for (const line of ["12345", "lost", "lost too"]) output.line(line);
  take();
  await tick();

  expect(writes[1]).toBe("12345\ndropped 2\n");
});

test("reports a reader that has left once, and not as an error", async () => {
  const { stream, writes, take } = reader();
  let gone = 0;
  const output = createOutput(stream, { onGone: () => (gone += 1) });
  output.line("a");
  await tick();

  take(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
  await tick();
  output.line("b");
  await output.end();

  expect([gone, writes]).toEqual([1, ["a\n"]]);
});

test("ending waits for what was printed in the last tick", async () => {
  const writes: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      writes.push(String(chunk));
      setImmediate(done);
    },
  });
  const output = createOutput(stream);
  output.line("last words");

  await output.end();

  expect(writes.join("")).toBe("last words\n");
});

test("ending also waits for what waits behind a slow reader", async () => {
  const { stream, writes, take } = reader();
  const output = createOutput(stream);
  output.line("x".repeat(20));
  await tick();
  output.line("last words");

  let over = false;
  const ended = output.end().then(() => {
    over = true;
  });
  take();
  await tick();
  take();
  await tick();
  expect([over, writes.join("")]).toEqual([false, `${"x".repeat(20)}\nlast words\n`]);
  take();
  await ended;
});
