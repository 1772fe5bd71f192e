import { onTestFinished } from "vitest";
import { type ApiDefinition, startGateway } from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";
import { routed } from "../emulator/routed.ts";

type Functions = ApiDefinition["functions"];
type Runtime = "child-process" | "in-process";

export const RUNTIMES: Runtime[] = ["child-process", "in-process"];

/** Starts the functions of a project, each behind a route of its name. */
export async function start(root: string, functions: Functions, runtime: Runtime) {
  const gateway = await startGateway(routed(functions), { root, runtime, waitMs: 30_000 });
  onTestFinished(() => stopChecked(gateway));
  return gateway;
}

/** What each of the functions answers. */
export async function ask(root: string, functions: Functions, runtime: Runtime) {
  const client = await (await start(root, functions, runtime)).connect();
  const answers: Record<string, string> = {};
  for (const name of Object.keys(functions)) {
    client.send(JSON.stringify({ action: name }));
    answers[name] = await client.next();
  }
  return answers;
}

/** A CommonJS handler that answers with an expression. */
export const js = (body: string) =>
  `exports.handler = async () => ({ statusCode: 200, body: ${body} });`;
/** The same as a module. */
export const ts = (body: string) =>
  `export const handler = async () => ({ statusCode: 200, body: ${body} });`;
/** A package.json that makes modules of `.js` files. */
export const MODULE = '{"type":"module"}';
