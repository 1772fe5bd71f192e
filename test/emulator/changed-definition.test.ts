import { expect, onTestFinished, test } from "vitest";
import { openClient } from "../../src/client/client.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/emulator/emulator.ts";
import { stopChecked } from "../checked-facts.ts";
import { project } from "../readers/projects.ts";
import { factLines, showWhenFailed } from "../show-when-failed.ts";
import { startGate } from "./gate.ts";

const route = (name: string) => ({ function: name, routeResponse: true });

/** A project of one API, written as that of several. */
function definition(more: object = {}) {
  return {
    name: "shop",
    apis: { chat: chat() },
    functions: { tell: { handler: "tell.handler", timeout: 20 } },
    ...more,
  };
}

function chat(more: object = {}) {
  return {
    routeSelectionExpression: "$request.body.action",
    stages: { v1: {} },
    routes: { tell: route("tell") },
    ...more,
  };
}

/** Handlers that answer with the value of an expression. */
const answering = (expression: string) =>
  `exports.handler = async () => ({ statusCode: 200, body: String(${expression}) });`;

async function start(
  files: Readonly<Record<string, string>>,
  options: Partial<EmulatorOptions> = {},
): Promise<Emulator> {
  const { root } = project({ "package.json": "{}", ...files });
  const emulator = await startEmulator({
    definition: definition(),
    root,
    port: 0,
    runtime: "in-process",
    ...options,
  });
  onTestFinished(() => stopChecked(emulator));
  showWhenFailed("The facts of its gateway:", () => factLines(emulator.journal.entries()));
  return emulator;
}

/** A client that asks for an action and resolves with the answer. */
async function connect({ url }: Pick<Emulator, "url">) {
  const opening = await openClient(url);
  if (opening.kind === "refused") throw new Error(opening.body);
  const { client } = opening;
  onTestFinished(() => client.terminate());
  return (action: string): Promise<string> => {
    client.send(JSON.stringify({ action }));
    return client.next();
  };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("the process of a function that a changed definition drops ends after the event that it runs", async () => {
  const gate = await startGate();
  const emulator = await start(
    {
      "tell.js": answering("process.pid"),
      "slow.js": `exports.handler = async () => {
        await fetch("${gate.url}");
        return { statusCode: 200, body: String(process.pid) };
      };`,
    },
    {
      runtime: "child-process",
      definition: definition({
        apis: { chat: chat({ routes: { tell: route("tell"), slow: route("slow") } }) },
        functions: { tell: { handler: "tell.handler" }, slow: { handler: "slow.handler" } },
      }),
    },
  );
  const ask = await connect(emulator);
  const slow = ask("slow");
  await gate.reachedBy(1);

  await emulator.update(definition());
  gate.open();

  const dropped = Number(await slow);
  await expect.poll(() => isRunning(dropped)).toBe(false);
  expect(isRunning(Number(await ask("tell")))).toBe(true);
});
