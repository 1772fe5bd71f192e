import { expect, test } from "vitest";
import { type GatewayOptions, startGateway, type TestGateway } from "../../src/testing/index.ts";
import { project } from "../readers/projects.ts";
import { api, started, startedFrom, startedWith } from "./gateways.ts";

const long = api({
  functions: { all: { handler: "app.handler", timeout: 900 } },
  connectionTable: { environmentVariable: "TABLE", attribute: "id" },
});
const START = Date.UTC(2031, 4, 1, 12);
const options: GatewayOptions = { virtualTime: true, startAt: START };

/** Answers of messages, which are too late for the client, are read from the function's result. */
async function bodyOf(gateway: TestGateway): Promise<unknown> {
  await gateway.settled();
  const { result, error } = gateway.invocations("all").at(-1)!;
  expect(error).toBeUndefined();
  return JSON.parse((result as { body: string }).body);
}

/** The text of a handler that runs `body` for each message and answers what it returns. */
const onMessage = (body: string, head = ""): string => `
${head}
exports.handler = async (event) => {
  if (event.requestContext.eventType !== "MESSAGE") return { statusCode: 200 };
  const answer = await (async () => { ${body} })();
  return { statusCode: 200, body: JSON.stringify(answer) };
};
`;

test("a handler sleeps for minutes of the gateway's time and calls AWS before and after", {
  tags: ["journey"],
}, async () => {
  const gateway = await startedFrom(
    onMessage(
      `const before = Date.now();
      const put = (id) => dynamo.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: id } } }));
      await put("before");
      await new Promise((resolve) => setTimeout(resolve, 2 * 60_000));
      await put("between");
      await new Promise((resolve) => setTimeout(resolve, 3 * 60_000));
      const { domainName, stage, connectionId: ConnectionId } = event.requestContext;
      const api = new ApiGatewayManagementApiClient({ endpoint: "https://" + domainName + "/" + stage });
      await api.send(new PostToConnectionCommand({ ConnectionId, Data: new Date().toISOString() }));
      return { slept: Date.now() - before, year: new Date().getFullYear(), at: before };`,
      `const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
      const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require("@aws-sdk/client-apigatewaymanagementapi");
      const dynamo = new DynamoDBClient({});`,
    ),
    long,
    options,
  );
  const ann = await gateway.connect();

  ann.send("go");
  await gateway.clock.advance("4m59s");
  expect(ann.received.filter((text) => text.startsWith("2031"))).toEqual([]);
  await gateway.clock.advance("1s");

  expect(await bodyOf(gateway)).toEqual({ slept: 300_000, year: 2031, at: START });
  expect(ann.received.at(-1)).toBe("2031-05-01T12:05:00.000Z");
  expect(await gateway.table("connections").items()).toHaveLength(2);
});

test("packages keep the machine's time", async () => {
  const { root } = project({
    "app.js": onMessage(
      `await require("pause")(5); return { own: Date.now(), package: require("pause").now() };`,
    ),
    "package.json": "{}",
    "node_modules/pause/package.json": '{"name":"pause","main":"index.js"}',
    "node_modules/pause/index.js":
      "module.exports = (ms) => new Promise((resolve) => setTimeout(resolve, ms)); module.exports.now = () => Date.now();",
  });
  const gateway = await started(long, { ...options, root });
  const ann = await gateway.connect();

  ann.send("go");
  const body = (await bodyOf(gateway)) as { own: number; package: number };

  expect(body.own).toBe(START);
  expect(Math.abs(body.package - Date.now())).toBeLessThan(60_000);
});

test("a handler in TypeScript has it too, in every form that Date and timers have", async () => {
  const { root } = project({
    "app.ts": `
      import { setTimeout as sleep, setInterval as ticks } from "node:timers/promises";
      import { setTimeout as later } from "timers";
      import { promisify } from "node:util";
      import { kept, type Kept } from "./kept.ts";
      export { type Kept } from "./kept.ts";
      type Event = { requestContext: { eventType: string } };
      export const handler = async (event: Event) => {
        if (event.requestContext.eventType !== "MESSAGE") return { statusCode: 200 };
        const seen: unknown[] = [];
        const since = Date.now();
        const mark = (name: string) => seen.push([name, Date.now() - since]);
        await sleep(1_000); mark("promises");
        await promisify(setTimeout)(1_000); mark("promisify");
        await new Promise<void>((done) => later(done, 1_000)); mark("module");
        await new Promise<void>((done) => globalThis.setTimeout(done, 1_000)); mark("globalThis");
        let left = 3;
        await new Promise<void>((done) => {
          const timer = setInterval(() => { left -= 1; if (left === 0) { clearInterval(timer); done(); } }, 1_000);
        }); mark("interval");
        for await (const _ of ticks(1_000)) break;
        mark("ticks");
        const never = setTimeout(() => mark("never"), 10); clearTimeout(never);
        await new Promise((done) => setImmediate(done)); mark("immediate");
        const from = performance.now(); await sleep(500); seen.push(["performance", performance.now() - from]);
        class Mine extends Date { year() { return this.getUTCFullYear(); } }
        seen.push([new Mine().year(), new Date() instanceof Date, new Date(0).getTime(), Date.UTC(1970, 0), kept(new Date())]);
        { const Date = { now: () => "mine" }; seen.push(Date.now()); }
        return { statusCode: 200, body: JSON.stringify(seen) };
      };`,
    "kept.ts":
      "export type Kept = string; export function kept(Date: Date): Kept { return Date.toISOString(); }",
    "package.json": '{"type":"module"}',
  });
  const functions = { all: { handler: "app.handler", timeout: 900 } };
  const gateway = await started(api({ functions }), { ...options, root });
  const ann = await gateway.connect();

  ann.send("go");
  await gateway.clock.advance("1m");

  expect(await bodyOf(gateway)).toEqual([
    ["promises", 1_000],
    ["promisify", 2_000],
    ["module", 3_000],
    ["globalThis", 4_000],
    ["interval", 7_000],
    ["ticks", 8_000],
    ["immediate", 8_000],
    ["performance", 500],
    [2031, true, 0, 0, "2031-05-01T12:00:08.500Z"],
    "mine",
  ]);
});

test("without being asked for handlers have the machine's time", async () => {
  const gateway = await startedFrom(onMessage("return Date.now();"), long, { startAt: START });
  const ann = await gateway.connect();

  ann.send("go");

  expect(Math.abs(Number(await bodyOf(gateway)) - Date.now())).toBeLessThan(60_000);
});

test("an error names the line that the author wrote", async () => {
  const gateway = await startedFrom(
    "exports.handler = async ({ requestContext }) => {\n  const at = new Date();\n\n  if (requestContext.eventType === 'MESSAGE') throw new Error('here');\n  return { statusCode: 200 };\n};\n",
    api(),
    options,
  );
  const ann = await gateway.connect();

  ann.send("go");
  await gateway.settled();

  const trace = gateway.invocations("all").at(-1)?.error?.trace.join("\n");
  expect(trace).toMatch(/app\.js:4:\d+/);
});

test("it takes handlers in this process", async () => {
  await expect(
    startGateway(api(), { virtualTime: true, runtime: "child-process" }),
  ).rejects.toThrow("virtualTime needs the in-process runtime");
});

test("a function that a test passes in has as much time left as the gateway's clock says", async () => {
  let answer: () => void = () => {};
  const remaining: number[] = [];
  const gateway = await startedWith(async ({ requestContext: { eventType } }, context) => {
    if (eventType !== "MESSAGE") return { statusCode: 200 };
    remaining.push(context.getRemainingTimeInMillis());
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    remaining.push(context.getRemainingTimeInMillis());
    return { statusCode: 200 };
  });
  const ann = await gateway.connect();
  ann.send("hello");
  await gateway.fact(
    "function.started",
    ({ event }) => event.requestContext.eventType === "MESSAGE",
  );

  await gateway.clock.advance("5s");
  answer();
  await gateway.settled();

  expect(remaining).toEqual([20_000, 15_000]);
});
