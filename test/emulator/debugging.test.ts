import { readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { openClient } from "../../src/client/client.ts";
import { type DevSession, startDev } from "../../src/emulator/dev.ts";
import type { Entry, Fact } from "../../src/emulator/facts.ts";
import { buildLambdaChild } from "../contracts/lambda-setup.ts";
import { listen } from "../listen.ts";
import { project } from "../readers/projects.ts";
import { factLines, showWhenFailed } from "../show-when-failed.ts";
import { attach, authorsPlace, builtLine } from "./debugger.ts";

beforeAll(buildLambdaChild);

const CONFIG = JSON.stringify({
  name: "debug",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  functions: { ask: { handler: "ask.handler", timeout: 1 } },
  routes: { ask: { function: "ask", routeResponse: true, integrationTimeout: 50 } },
});
const WORD_LINE = 4;
const handler = (word: string) => `type Answer = { statusCode: number; body: string };
let ticks = 0;
setInterval(() => { ticks += 1; }, 1).unref();
export const handler = async (event: { body: string }): Promise<Answer> => {
  const word: string = "${word}";
  if (event.body.includes("exit")) process.exit(3);
  if (event.body.includes("ticks")) return { statusCode: 200, body: String(ticks) };
  return { statusCode: 200, body: word };
};
`;

async function start(
  more: Partial<Parameters<typeof startDev>[0]> = {},
  type: "commonjs" | "module" = "module",
) {
  const { root: cwd } = project({
    "wsgw.config.json": CONFIG,
    "ask.ts": handler("one"),
    "package.json": `{"type":"${type}"}`,
  });
  const session = await startDev({ cwd, port: 0, inspectPort: 0, ...more });
  onTestFinished(() => session.stop());
  showWhenFailed("The facts of its gateway:", () => factLines(session.journal.entries()));
  const opening = await openClient(session.url);
  if (opening.kind === "refused") throw new Error(opening.body);
  const { client } = opening;
  const ask = (more = "") => {
    client.send(`{"action":"ask","more":"${more}"}`);
    return client.next();
  };
  return { cwd, session, ask, source: join(cwd, "ask.ts") };
}

/** The first fact that fits, of those that there are and those to come. */
function fact<Type extends Fact["type"]>(
  session: DevSession,
  type: Type,
  fits: (entry: Extract<Entry, { type: Type }>) => boolean = () => true,
) {
  return new Promise<Extract<Entry, { type: Type }>>((resolve) => {
    const look = (entry: Entry) => {
      if (entry.type !== type || !fits(entry as Extract<Entry, { type: Type }>)) return;
      unsubscribe();
      resolve(entry as Extract<Entry, { type: Type }>);
    };
    const unsubscribe = session.journal.subscribe(look);
    for (const entry of session.journal.entries()) look(entry);
  });
}

async function attachTo(session: DevSession, name: string, since = 0) {
  const { port } = await fact(
    session,
    "debugger.listening",
    ({ functionName, seq }) => functionName === name && seq > since,
  );
  const debug = await attach(port);
  onTestFinished(() => debug.close());
  return { ...debug, port };
}

const built = (cwd: string) => {
  const directory = join(cwd, ".wsgw", "build", "child-process");
  return join(directory, readdirSync(directory).find((name) => /^ask_ts\.[cm]js$/.test(name))!);
};

async function breakAt(cwd: string, debug: Awaited<ReturnType<typeof attach>>, line: number) {
  const file = built(cwd);
  await debug.send("Debugger.setBreakpointByUrl", {
    url: `file://${file}`,
    lineNumber: await builtLine(file, join(cwd, "ask.ts"), line),
  });
}

test.each(["commonjs", "module"] as const)(
  "a debugger stops in the author's line (%s), sees its variables and lets the client have its answer",
  async (type) => {
    const { cwd, session, ask, source } = await start({}, type);
    const debug = await attachTo(session, "ask");
    await breakAt(cwd, debug, WORD_LINE + 1);

    const answer = ask("hello");
    const paused = await debug.paused();

    expect(await authorsPlace(paused)).toEqual({ source, line: WORD_LINE + 1 });
    expect(await debug.evaluate(paused, "word + '!'")).toBe("one!");
    expect(await debug.evaluate(paused, "JSON.parse(event.body).more")).toBe("hello");
    await debug.send("Debugger.resume");
    expect(await answer).toBe("one");
  },
);

test("neither the function's nor the route's time limit runs out at a breakpoint", {
  tags: ["journey"],
}, async () => {
  const { cwd, session, ask } = await start();
  const debug = await attachTo(session, "ask");
  await breakAt(cwd, debug, WORD_LINE + 1);

  const answer = ask();
  const paused = await debug.paused();
  // Longer than the limits of both: the handler is stopped, so only time itself can pass here.
  await debug.evaluate(paused, "{ const end = Date.now() + 1300; while (Date.now() < end); }");
  await debug.send("Debugger.resume");

  expect(await answer).toBe("one");
});

test("an environment under a debugger is not frozen between events, and the debugger is answered", {
  tags: ["journey"],
}, async () => {
  const { session, ask } = await start();
  const debug = await attachTo(session, "ask");
  const first = Number(await ask("ticks"));

  const later = await debug.send("Runtime.evaluate", {
    expression: `new Promise((resolve) => setTimeout(() => resolve("waited"), 20))`,
    awaitPromise: true,
  });

  expect(later).toMatchObject({ result: { value: "waited" } });
  expect(Number(await ask("ticks"))).toBeGreaterThan(first);
});

test("changed code comes up at the same port before its first event, with a breakpoint set in time", {
  tags: ["journey"],
}, async () => {
  const { cwd, session, ask } = await start();
  const before = await attachTo(session, "ask");
  expect(await ask()).toBe("one");

  writeFileSync(join(cwd, "ask.ts"), handler("two"));
  const { seq } = await fact(session, "code.reloaded");
  await before.closed;
  const debug = await attachTo(session, "ask", seq);
  await breakAt(cwd, debug, WORD_LINE + 1);
  const answer = ask();
  const paused = await debug.paused();

  expect(debug.port).toBe(before.port);
  expect(await debug.evaluate(paused, "word")).toBe("two");
  await debug.send("Debugger.resume");
  expect(await answer).toBe("two");
});

test("a message that comes while changed code waits for a breakpoint of the old is answered by the new", {
  tags: ["journey"],
}, async () => {
  const { cwd, session, ask } = await start();
  const debug = await attachTo(session, "ask");
  await breakAt(cwd, debug, WORD_LINE + 1);
  const first = ask();
  await debug.paused();

  writeFileSync(join(cwd, "ask.ts"), handler("two"));
  await fact(session, "code.reloaded");
  const second = ask();
  // Not awaited: the environment of the old code may be gone before it has said yes.
  void debug.send("Debugger.resume");

  expect(await first).toBe("one");
  expect(await second).toBe("two");
});

test("reports a handler that exits with its status, and the next environment takes the port", {
  tags: ["journey"],
}, async () => {
  const { session, ask } = await start();
  const before = await attachTo(session, "ask");

  const answer = JSON.parse(await ask("exit"));
  const { outcome, seq } = await fact(session, "function.ended");
  const after = await attachTo(session, "ask", seq);

  expect(answer).toMatchObject({ message: "Internal server error" });
  expect(outcome).toMatchObject({ errorMessage: expect.stringContaining("exit status 3") });
  expect(after.port).toBe(before.port);
  expect(await ask()).toBe("one");
});

test("Node's messages about its inspector are not output of the function", async () => {
  const { session, ask } = await start();
  await attachTo(session, "ask");
  await ask();

  expect(session.journal.entries().filter(({ type }) => type === "function.logged")).toEqual([]);
});

test("reports a port in use with its function", async () => {
  const port = await listen(createServer());

  await expect(start({ inspectPort: port })).rejects.toMatchObject({
    code: "INSPECT_PORT_IN_USE",
    message: expect.stringContaining(`Port ${port}, for the debugger of "ask", is in use.`),
  });
});
