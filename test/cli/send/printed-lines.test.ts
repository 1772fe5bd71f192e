import { expect, test } from "vitest";
import { closeLine, lostLine, stillLostLine } from "../../../cli/send/printed-lines.ts";
import { runMain } from "../run-main.ts";
import { peer } from "../servers.ts";

function send(argv: readonly string[]) {
  return runMain(["send", ...argv]);
}

test("prints more than 32 bytes in rows of sixteen, with their place and as text", async () => {
  const bytes = Buffer.concat([
    Buffer.from("0123456789abcdef\u0000\u001b"),
    Buffer.alloc(16, 0xff),
  ]);
  const server = await peer((_, socket) => socket.send(bytes));

  expect(await send([server.url, "-x", "a", "-n", "1"])).toMatchObject({
    out: `00000000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef
00000010  00 1b ${"ff ".repeat(14)} ${".".repeat(16)}
00000020  ff ff${" ".repeat(42)}  ..
`,
  });
});

test.each(["--times", "-T"])(
  "%s writes when a message came, and how long after the last was sent",
  async (flag) => {
    const server = await peer((text, socket) => socket.send(text));

    const { out } = await send([server.url, "-x", "a", "-n", "1", flag]);

    expect(out).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \+(<1|[\d.]+) ms a\n$/);
  },
);

test("--pretty indents JSON that is longer than a line", async () => {
  const server = await peer((text, socket) => socket.send(text));
  const long = `{"a":"${"x".repeat(100)}"}`;

  expect(await send([server.url, "-x", long, "-n", "1", "--pretty"])).toMatchObject({
    out: `{\n  "a": "${"x".repeat(100)}"\n}\n`,
  });
  expect(await send([server.url, "-x", long, "-n", "1"])).toMatchObject({ out: `${long}\n` });
});

test("--pretty shows the controls of a message, also where no terminal is", async () => {
  const server = await peer((text, socket) => socket.send(text));
  const value = { a: `\u009b2J\u009d0;title\u202e${"x".repeat(100)}` };

  const { out } = await send([server.url, "-x", JSON.stringify(value), "-n", "1", "--pretty"]);

  expect(out).toContain('"a": "\\u009b2J\\u009d0;title\\u202ex');
  expect(JSON.parse(out)).toEqual(value);
});

test("passes a message on as it is where a program reads it", async () => {
  const server = await peer((text, socket) => socket.send(text));

  const { out } = await send([server.url, "-x", "a\u009bb\u202ec", "-n", "1"]);

  expect(out).toBe("a\u009bb\u202ec\n");
});

test.each([
  ["us", 1000, "", "Closed with 1000."],
  ["us", 1005, "", "Closed without a code (1005)."],
  ["us", 4001, 'see "you"', 'Closed with 4001 "see \\"you\\"".'],
  ["peer", 1001, "Going away", 'The gateway closed the connection with 1001 "Going away".'],
  ["peer", 1006, "", "The connection was lost (1006, no close frame)."],
] as const)("a connection that %s closed with %i %s", (by, code, reason, line) => {
  expect(closeLine({ code, reason }, by)).toBe(line);
});

test("a lost connection says when it reconnects, and why that failed", () => {
  const rejection = { kind: "refused", statusCode: 403, headers: {}, body: "" } as const;
  const rejected = {
    kind: "rejected",
    url: "ws://localhost",
    rejection,
    meaning: "Sign.",
  } as const;

  expect(lostLine({ code: 1006, reason: "" }, 250)).toBe(
    "The connection was lost (1006, no close frame); reconnecting in 250 ms.",
  );
  expect(stillLostLine(new Error("connect ECONNREFUSED."), 500)).toBe(
    "connect ECONNREFUSED; again in 500 ms.",
  );
  expect(stillLostLine(rejected, undefined)).toBe(
    "The server rejected the handshake with 403. Sign; giving up.",
  );
});
