import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { readExpectation } from "../../../cli/send/expect.ts";
import { fillIn } from "../../../cli/send/insert-values.ts";
import { matchesValue } from "../../../src/values/match.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { runMain } from "../run-main.ts";
import { peer } from "../servers.ts";
import { proxyServer } from "./proxy-server.ts";

function send(argv: readonly string[], stdin = "") {
  return runMain(["send", ...argv], { stdin: Readable.from([stdin]) });
}

const echo = () => peer((text, socket) => socket.send(text));

test.each([
  ["what is expected comes", ["-e", "/A/i", "-e", '{"b":{"c":1}}'], 0],
  ["it comes in another order", ["-e", '{"b":{}}', "-e", "a", "-t", "500"], 5],
  ["it does not come", ["-e", '{"b":{"c":2}}', "-t", "500"], 5],
])("--expect ends with its own status when %s", async (_, argv, status) => {
  const { url } = await echo();

  const { exitCode, err } = await send([url, "-x", "a", "-x", '{"b":{"c":1},"d":2}', ...argv]);

  expect(exitCode).toBe(status);
  expect(err).toMatch(status === 0 ? /^$/ : /^✗ Expected .* which did not come within 500 ms: /);
});

test("does the lines of a file, on several connections", async () => {
  const { url, messages } = await echo();
  const directory = temporaryDirectory();
  const lines = [
    "# greets",
    '{"hi":',
    " 1}",
    '/expect {"hi":1}',
    '/template again {"again":$last.hi,"x":"${x}"}',
    "/send again x=y",
    '/expect {"again":1,"x":"y"}',
    "/open ann",
    "/all both",
    "/expect both",
    "/expect both",
  ];
  await writeFile(join(directory, "steps.txt"), lines.join("\n"));

  const { exitCode, err } = await send([url, "--file", join(directory, "steps.txt")]);

  expect([exitCode, err]).toEqual([0, ""]);
  expect(messages).toEqual(['{"hi":\n 1}', '{"again":1,"x":"y"}', "both", "both"]);
});

test.each([
  ["hello\n/expect bye\n", 5, "line 2: the script ends here"],
  ["/frob\n", 1, "The command /frob does not exist"],
  ["/connections\n", 1, "is not a gateway that wsgw dev runs"],
])("a script ends where it fails: %j", { tags: ["journey"] }, async (script, status, message) => {
  const { url } = await echo();

  const { exitCode, err } = await send([url, "-f", "-", "-t", "500"], script);

  expect(exitCode).toBe(status);
  expect(err).toContain(message);
});

test("an unanswered ping ends a script after the timeout", { tags: ["journey"] }, async () => {
  const { url } = await peer(() => {}, { autoPong: false });

  const { exitCode, err } = await send([url, "-f", "-", "-t", "500"], "/ping\n");

  expect(exitCode).toBe(1);
  expect(err).toContain(`✗ ${url} did not answer a ping within 500 ms.\n✗ -, line 1: `);
});

test("sends origin, cookies and credentials, and shows a part of what comes", async () => {
  const server = await echo();
  const argv = ["-o", "https://a.example", "-b", "a=1", "-b", "b=2", "--auth", "ann:secret"];

  const { out } = await send([
    server.url,
    ...argv,
    "-x",
    '{"a":{"b":"c"}}',
    "-n",
    "1",
    "-q",
    "a.b",
  ]);

  expect(out).toBe("c\n");
  expect((await server.connected).headers).toMatchObject({
    origin: "https://a.example",
    cookie: "a=1; b=2",
    authorization: `Basic ${Buffer.from("ann:secret").toString("base64")}`,
  });
});

test("--times, and /times in a script, write when a message came", async () => {
  const { url } = await echo();
  const stamped = /^\d\d:\d\d:\d\d\.\d{3} \+(<1|[\d.]+) ms one\n$/;

  expect((await send([url, "-f", "-", "-T"], "one\n/expect one\n")).out).toMatch(stamped);
  expect((await send([url, "-f", "-"], "/times on\none\n/expect one\n")).out).toMatch(stamped);
  expect((await send([url, "-f", "-"], "one\n/expect one\n")).out).toBe("one\n");
});

test("goes through a proxy", async () => {
  const server = await echo();
  const { url, asked } = await proxyServer();

  const { exitCode, out } = await send([server.url, "--proxy", url, "-x", "hi", "-n", "1"]);

  expect([exitCode, out]).toEqual([0, "hi\n"]);
  expect(asked).toEqual([[new URL(server.url).host, undefined]]);
  expect(await send([server.url, "--proxy", "socks5://a", "-x", "hi"])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('"socks5://a" is not a proxy that wsgw can use'),
  });
});

test("--reconnect reconnects, and goes on with the script", { tags: ["journey"] }, async () => {
  let drops = 1;
  const { url, messages } = await peer(
    (text, socket) => {
      if (text === "drop me" && drops-- > 0) socket.close(1001, "Going away");
      else socket.send(text);
    },
    { greeting: "welcome" },
  );

  const script = "/expect welcome\ndrop me\n/expect welcome\nback\n/expect back\n";
  const { exitCode, err } = await send([url, "--reconnect", "-f", "-"], script);

  expect(err).toContain('with 1001 "Going away"; reconnecting in');
  expect(exitCode).toBe(0);
  expect(messages).toEqual(["drop me", "back"]);
});

test("says that $last has no value before a message has come", async () => {
  const { url, messages } = await echo();

  const { exitCode, err } = await send([url, "-f", "-"], '{"id":$last.id}');

  expect(exitCode).toBe(1);
  expect(err).toContain("Nothing was sent: $last.id has no value. No message has arrived yet.");
  expect(messages).toEqual([]);
});

test.each([
  ["a value in JSON", '{"a":$last}', '{"a":{"id":"x\\"y"}}'],
  ["a field within a string", '{"a":"is ${last.id}"}', '{"a":"is x\\"y"}'],
  ["text in a text", "say ${last.id}", 'say x"y'],
  ["nothing behind a backslash", "\\${last.id} $lastly", "${last.id} $lastly"],
])("fills in %s", (_, text, filled) => {
  const values: Record<string, unknown> = { last: { id: 'x"y' }, "last.id": 'x"y' };

  expect(fillIn(text, (name) => values[name])).toEqual({ kind: "filled", text: filled });
});

test.each([
  [{ a: 1, b: 2 }, { a: 1 }, true],
  [{ a: [1, { x: 1, y: 2 }] }, { a: [1, { x: 1 }] }, true],
  [{ a: [1, 2] }, { a: [1] }, false],
  [{ a: 1 }, { a: "1" }, false],
  [null, {}, false],
])("%j has at least %j: %j", (whole, part, answer) => {
  expect(matchesValue(part, whole)).toBe(answer);
});

test("accepts any text, and rejects an invalid pattern", () => {
  expect(readExpectation("a b")?.matches("a b")).toBe(true);
  expect(readExpectation("/(/")).toBeUndefined();
});
