import { channel } from "node:diagnostics_channel";
import { once } from "node:events";
import fs from "node:fs";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test, vi } from "vitest";
import { createPendingWatch } from "../../../../../src/emulator/lambda/child-process/child/pending-watch.ts";
import { temporaryDirectory } from "../../../../temporary-directory.ts";

const { close, ReadStream, WriteStream } = fs;
const destroys = [ReadStream, WriteStream].map(({ prototype }) => prototype._destroy);
afterAll(() => {
  fs.close = close;
  for (const [at, { prototype }] of [ReadStream, WriteStream].entries()) {
    prototype._destroy = destroys[at]!;
  }
});

let resources: string[] = [];
let handles: object[] = [];

/** A watch of a process whose work is the test's. */
function start() {
  resources = [];
  handles = [];
  const inside = process as unknown as { _getActiveHandles(): object[] };
  const spies = [
    vi.spyOn(process, "getActiveResourcesInfo").mockImplementation(() => resources),
    vi.spyOn(inside, "_getActiveHandles").mockImplementation(() => handles),
  ];
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
  return createPendingWatch();
}

function fileOf(text: string): string {
  const file = join(temporaryDirectory(), "file");
  fs.writeFileSync(file, text);
  return file;
}

const work = (kind: string, count: number, ...details: string[]) => ({ kind, count, details });

test("work is reported as it grows, and again after all of it has ended", () => {
  const watch = start();
  const takes = (...now: string[]) => {
    resources = now;
    return watch.take();
  };

  expect(takes()).toEqual([]);
  expect(takes("Timeout", "Timeout")).toEqual([work("timer", 2)]);
  expect(takes("Timeout", "Timeout", "Timeout", "Worker")).toEqual([
    work("timer", 1),
    work("thread", 1),
  ]);
  expect(takes("Timeout", "Timeout", "Timeout", "Worker")).toEqual([]);
  expect(takes()).toEqual([]);
  expect(takes("Timeout")).toEqual([work("timer", 1)]);
});

test("what is forgotten is not reported", () => {
  const watch = start();
  resources = ["Timeout"];

  watch.forget();

  expect(watch.take()).toEqual([]);
  resources = ["Timeout", "Timeout"];
  expect(watch.take()).toEqual([work("timer", 1)]);
});

const REQUEST = {
  method: "GET",
  protocol: "http:",
  host: "elsewhere",
  path: "/a?secret",
  res: null,
};

test.each(["TCPSocketWrap", "TCPConnectWrap"])(
  "a request without a response is reported once, without its query: %s",
  (resource) => {
    const watch = start();
    resources = [resource, "GetAddrInfoReqWrap"];
    handles = [{ _httpMessage: REQUEST, connecting: true, _host: "elsewhere" }];

    expect(watch.take()).toEqual([work("request", 1, "GET http://elsewhere/a")]);
    expect(watch.take()).toEqual([]);
  },
);

test("sockets are looked at only while there are some", () => {
  const watch = start();
  resources = ["Timeout"];
  handles = [{ _httpMessage: REQUEST }];

  expect(watch.take()).toEqual([work("timer", 1)]);
});

test.each([
  ["with a response", { ...REQUEST, res: {} }],
  ["that was destroyed", { ...REQUEST, destroyed: true }],
  ["of a server", { method: "GET" }],
  ["that is a string", "GET"],
  ["that is null", null],
  ["that is undefined", undefined],
])("a socket has no pending request %s", (_, message) => {
  const watch = start();
  resources = ["TCPSocketWrap"];
  handles = [{ _httpMessage: message }];

  expect(watch.take()).toEqual([]);
});

test("connections that are being opened are reported once, with their host if it is known", () => {
  const watch = start();
  resources = ["TCPConnectWrap"];
  handles = [
    { connecting: true, _host: "database" },
    { connecting: true },
    { connecting: false, _host: "open" },
    { _host: "no socket" },
  ];

  expect(watch.take()).toEqual([work("connection", 2, "database", "")]);
  expect(watch.take()).toEqual([]);
});

test("a fetch is reported once, although nothing else is under way", () => {
  const watch = start();
  const request = { method: "PUT", origin: "http://elsewhere", path: "/a?secret" };
  channel("undici:request:create").publish({ request });

  expect(watch.take()).toEqual([work("request", 1, "PUT http://elsewhere/a")]);
  expect(watch.take()).toEqual([]);
  channel("undici:request:error").publish({ request });
  expect(watch.take()).toEqual([]);
});

test("programs that have ended or were killed are not counted", () => {
  const watch = start();
  const running = { spawnfile: "cat", exitCode: null, signalCode: null, killed: false };
  resources = Array(5).fill("ProcessWrap");
  handles = [
    running,
    { ...running, exitCode: 0 },
    { ...running, signalCode: "SIGTERM" },
    { ...running, killed: true },
    running,
    { exitCode: 0 },
  ];

  expect(watch.take()).toEqual([work("process", 2)]);
  resources = ["ProcessWrap"];
  expect(watch.take()).toEqual([]);
  resources = ["ProcessWrap", "ProcessWrap", "ProcessWrap", "ProcessWrap"];
  expect(watch.take()).toEqual([work("process", 1)]);
});

test("a file that is being closed is not counted, with and without a listener", async () => {
  const watch = start();
  const file = fileOf("text");
  resources = ["FSReqCallback"];

  const closed = new Promise((resolve) => fs.close(fs.openSync(file, "r"), resolve));
  expect(watch.take()).toEqual([]);
  expect(await closed).toBeNull();
  expect(watch.take()).toEqual([work("file", 1)]);

  const fd = fs.openSync(file, "r");
  fs.close(fd);
  expect(watch.take()).toEqual([]);
  await expect.poll(() => watch.take()).toEqual([work("file", 1)]);
  expect(() => fs.fstatSync(fd)).toThrow("EBADF");
});

test("closing more files than are counted leaves none", () => {
  const watch = start();
  const file = fileOf("text");
  resources = ["FSReqCallback"];

  for (let count = 0; count < 2; count += 1) fs.close(fs.openSync(file, "r"));

  expect(watch.take()).toEqual([]);
});

test("closing a number that is not an open file reports the error", async () => {
  start();

  const failure = await new Promise((resolve) => fs.close(1_000_000, resolve));

  expect(failure).toMatchObject({ code: "EBADF" });
});

test("the file of a destroyed stream is not counted until it is closed", async () => {
  const watch = start();
  const stream = fs.createReadStream(fileOf("x".repeat(200_000)));
  await once(stream, "readable");
  resources = ["FSReqCallback"];

  stream.read();
  stream.destroy();
  const closed = once(stream, "close");
  expect(watch.take()).toEqual([]);
  await closed;

  expect(watch.take()).toEqual([work("file", 1)]);
});

test("a stream that never opened its file ends with its error", async () => {
  start();
  const stream = fs.createWriteStream(join(temporaryDirectory(), "missing", "file"));

  const [error] = await once(stream, "error");

  expect(error).toMatchObject({ code: "ENOENT" });
});
