import { PassThrough, Readable } from "node:stream";
import { expect, onTestFinished, test, vi } from "vitest";
import { main } from "../../../cli/main.ts";
import type { App } from "../../../cli/terminal/io.ts";
import { openClient } from "../../../src/client/client.ts";
import { WsgwError } from "../../../src/errors.ts";
import type { RunningGateway } from "../../../src/project-directory/running.ts";
import { type FakeIo, fakeIo } from "../fake-io.ts";
import { chat, peer, rejectingServer } from "../servers.ts";

function running(...gateways: readonly Partial<RunningGateway>[]): Partial<App> {
  const findRunning = async () => gateways as readonly RunningGateway[];
  return { WsgwError, openClient, findRunning };
}

/** Runs `wsgw send` in a script: nothing is a terminal. */
async function send(
  argv: readonly string[],
  options: { stdin?: Readable; app?: Partial<App> } = {},
): Promise<{ exitCode: number; out: string; err: string; io: FakeIo }> {
  const io = fakeIo({ app: running(), ...options });
  const exitCode = await main(["send", ...argv], io);
  return { exitCode, out: io.out(), err: io.err(), io };
}

/** `wsgw send` for whose limits time passes as the test says, in ms: frames may come as late as they like. */
function sendAtRest(argv: readonly string[]) {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const io = fakeIo({ app: running() });
  const exited = main(["send", ...argv], io);
  return { io, exited, pass: (ms: number) => void vi.advanceTimersByTime(ms) };
}

test("sends one message, prints the answer alone, and closes with 1000", async () => {
  const server = await peer(chat);

  const message = '{"message":"sendmessage", "data":"hello world !"}';
  const { exitCode, out, err, io } = await send([server.url, "-x", message, "--count", "1"]);

  expect(io.listening()).toBe(0);
  expect([exitCode, out, err]).toEqual([0, '"hello world !"\n', ""]);
  expect(server.messages).toEqual([message]);
  expect(await server.closed).toEqual({ code: 1000, reason: "" });
});

test("without --count leaves when nothing more has come for the time of --wait", async () => {
  const server = await peer((text, socket) => {
    for (const part of ["a", "b", "c"]) socket.send(`${text}${part}`);
  });

  const { io, exited, pass } = sendAtRest([server.url, "-x", "1", "--wait", "300ms"]);
  await io.shows(/1c/);
  pass(300);

  expect([await exited, io.out()]).toEqual([0, "1a\n1b\n1c\n"]);
});

test("sends several messages in order, as they were written", async () => {
  const server = await peer((text, socket) => socket.send(text));
  const messages = ['"quoted"', "007", "-5", "/ping", ""];

  const flags = messages.flatMap((message) => ["-x", message]);
  const { exitCode, out } = await send([server.url, ...flags, "-n", "5"]);

  expect(exitCode).toBe(0);
  expect(server.messages).toEqual(messages);
  expect(out).toBe('"quoted"\n007\n-5\n/ping\n\n');
});

test("sends each line of standard input as one message, but no empty ones", async () => {
  const server = await peer((text, socket) => socket.send(`got ${text}`));
  const stdin = Readable.from(['{"a"', ":1}\r\n\n/se", "cond\n", "last"]);

  const { exitCode, out } = await send([server.url, "-n", "3"], { stdin });

  expect(exitCode).toBe(0);
  expect(server.messages).toEqual(['{"a":1}', "/second", "last"]);
  expect(out).toBe('got {"a":1}\ngot /second\ngot last\n');
});

test("prints answers while standard input is still open, and begins to wait at its end", async () => {
  const server = await peer((text, socket) => socket.send(text));
  const stdin = new PassThrough();
  const io = fakeIo({ app: running(), stdin });
  const exited = main(["send", server.url, "-n", "1"], io);

  stdin.write("first\n");
  await io.shows(/first/);
  stdin.end("second\n");

  expect(await exited).toBe(0);
  expect(server.messages).toEqual(["first", "second"]);
});

test("--count 0 does not wait for answers", async () => {
  const server = await peer();

  const { exitCode, out, err } = await send([server.url, "-x", "fire", "-n", "0"]);
  await server.closed;

  expect([exitCode, out, err]).toEqual([0, "", ""]);
  expect(server.messages).toEqual(["fire"]);
});

test("--count 0 with --wait shows what comes, and is content with nothing", async () => {
  const answering = await peer((text, socket) => socket.send(text));
  const silent = await peer();
  const argv = ["-x", "a", "-n", "0", "-w", "30ms"];

  expect(await send([silent.url, ...argv])).toMatchObject({ exitCode: 0, out: "", err: "" });
  const { io, exited, pass } = sendAtRest([answering.url, ...argv]);
  await io.shows(/a/);
  pass(30);

  expect([await exited, io.out()]).toEqual([0, "a\n"]);
});

test("sends nothing and leaves when standard input is empty", async () => {
  const server = await peer();

  expect(await send([server.url, "-w", "0"])).toMatchObject({ exitCode: 0, out: "", err: "" });
});

test("exits with 3 when no answer comes in time", async () => {
  const server = await peer();

  expect(await send([server.url, "-x", "a", "--timeout", "500"])).toMatchObject({
    exitCode: 3,
    out: "",
    err: "✗ No answer came within 500 ms.\n",
  });
});

test("exits with 3 when too few answers come in time, and prints those that came", async () => {
  const server = await peer((text, socket) => socket.send(text));

  const { io, exited, pass } = sendAtRest([server.url, "-x", "a", "-n", "2", "-t", "400"]);
  await io.shows(/a/);
  pass(400);

  expect([await exited, io.out()]).toEqual([3, "a\n"]);
  expect(io.err()).toBe("✗ Only 1 of 2 answers came within 400 ms.\n");
});

test("--timeout ends a stream of answers that never pauses, with success", async () => {
  const server = await peer((text, socket) => {
    const timer = setInterval(() => socket.send(text), 5);
    socket.on("close", () => clearInterval(timer));
  });

  const { io, exited, pass } = sendAtRest([server.url, "-x", "a", "-w", "1s", "-t", "400"]);
  await io.shows(/a/);
  pass(400);

  expect([await exited, io.err()]).toEqual([0, ""]);
});

test("exits with 4 when the connection ends before the answers came", async () => {
  const server = await peer((_, socket) => {
    socket.send("one");
    socket.close(1001, "Going away");
  });

  expect(await send([server.url, "-x", "a", "-n", "2"])).toMatchObject({
    exitCode: 4,
    out: "one\n",
    err: '✗ The gateway closed the connection with 1001 "Going away".\n',
  });
});

test("a connection that ends after the answers is not a failure", async () => {
  const server = await peer((_, socket) => {
    socket.send("one");
    socket.close(1000);
  });

  expect(await send([server.url, "-x", "a"])).toMatchObject({ exitCode: 0, out: "one\n", err: "" });
});

test("a signal closes the connection and exits with 130", async () => {
  const server = await peer();
  const io = fakeIo({ app: running(), stdin: new PassThrough() });
  const exited = main(["send", server.url], io);
  await server.connected;
  // The server knows the connection a moment before the client does.
  const { socket } = await server.connected;
  socket.send("ready");
  await io.shows(/ready/);

  io.signal();

  expect(await exited).toBe(130);
  expect(await server.closed).toMatchObject({ code: 1000 });
});

test("sends headers and sub-protocols", async () => {
  const server = await peer((text, socket) => socket.send(text));
  const argv = ["-H", "Authorization: Bearer a:b", "-H", "X-A: 1", "-H", "X-A: 2", "-s", "v2"];

  await send([server.url, ...argv, "-x", "a", "-n", "1"]);

  expect((await server.connected).headers).toMatchObject({
    authorization: "Bearer a:b",
    "x-a": "1, 2",
    "sec-websocket-protocol": "v2",
  });
});

test("prints binary frames as hexadecimal", async () => {
  const server = await peer((_, socket) => socket.send(Buffer.from([0, 255])));

  expect(await send([server.url, "-x", "a", "-n", "1"])).toMatchObject({ out: "00ff\n" });
});

test("shows status, body and the likely cause of a rejected handshake, and exits with 1", async () => {
  const headers = { "x-amzn-ErrorType": "ForbiddenException" };
  const url = await rejectingServer("403 Forbidden", headers, '{"message":"Forbidden"}');

  expect(await send([url, "-x", "a"])).toMatchObject({
    exitCode: 1,
    out: "",
    err: `✗ ${url} rejected the handshake with 403 ForbiddenException.
  {"message":"Forbidden"}
  Check the stage at the end of the URL, and the API key. Or the $connect handler or an authorizer rejected it.
`,
  });
});

test("says where it could not connect, and exits with 1", async () => {
  expect(await send(["ws://127.0.0.1:1/v1", "-x", "a"])).toMatchObject({
    exitCode: 1,
    err: `✗ Cannot connect to ws://127.0.0.1:1/v1: nothing listens on that port (ECONNREFUSED).
  Check that the gateway is running and that the URL is right.
`,
  });
});

test("without a URL talks to the newest gateway of the project", async () => {
  const server = await peer((text, socket) => socket.send(text));
  const app = running({ url: server.url }, { url: "ws://127.0.0.1:1/v1" });

  expect(await send(["-x", "a", "-n", "1"], { app })).toMatchObject({
    exitCode: 0,
    out: "a\n",
  });
});

test("says that no gateway runs, and exits with 1", async () => {
  expect(await send(["-x", "a"])).toMatchObject({
    exitCode: 1,
    err: `✗ No gateway runs in /project or a parent directory.
  Start one with wsgw dev in this project, or pass a URL.
`,
  });
});
