import type { ChalkInstance } from "chalk";
import type { DeployFact } from "../../src/app.ts";
import { printable } from "../terminal/control-characters.ts";
import { ruler } from "./phrases.ts";

/** A line with details below it. */
export type Say = (text: string, ...below: readonly string[]) => string[];

type Of<T extends DeployFact["type"]> = Extract<DeployFact, { type: T }>;

/** What runs, where and how. */
export function startOfRun(fact: Of<"run.started">, paint: ChalkInstance, version: string) {
  const stage = fact.stage === undefined ? "" : `${paint.dim(" stage")} ${fact.stage}`;
  const tags = Object.entries(fact.tags).map(([name, value]) => `${name}=${value}`);
  const yes = (is: boolean) => (is ? "yes" : "no");
  const all = (names: readonly string[]) => (names.length === 0 ? "none" : names.join(" "));
  const how = `code only: ${yes(fact.codeOnly)}, express: ${yes(fact.express)}, hooks: ${all(fact.hooks)}, tags: ${all(tags)}`;
  return [
    `  ${paint.bold("wsgw")} ${version}  ${fact.command} ${paint.bold(fact.stackName)}${stage}, ${fact.region}, ${new Date(fact.at).toISOString()}`,
    ...(fact.command === "deploy" ? [`  ${paint.dim(how)}`] : []),
    ...(fact.endpointUrl === undefined
      ? []
      : [
          "",
          `  ${paint.black.bgYellow(` NOT AWS: ${fact.endpointUrl} answers instead and gets placeholder keys. `)}`,
        ]),
  ];
}

/** One event of a stack; empty for one in the live lines. */
export function eventOfStack(
  { event, aboutStack }: Of<"stack.event">,
  { paint, live }: { readonly paint: ChalkInstance; readonly live: boolean },
  say: Say,
): readonly string[] {
  const { status, logicalId, type, reason } = event;
  const failed = status.endsWith("_FAILED") || status.includes("ROLLBACK");
  // Running operations are in the live lines.
  if (live && status.endsWith("_IN_PROGRESS") && !failed && !aboutStack) return [];
  const colour = failed ? paint.red : status.endsWith("_COMPLETE") ? paint.green : paint.dim;
  const why = reason === undefined || reason === "" ? "" : `  ${paint.dim(printable(reason))}`;
  return say(`${colour(status)}  ${logicalId}  ${paint.dim(type)}${why}`);
}

/** The outputs of a stack, and its status. */
export function endOfStack(
  fact: Of<"stack.settled">,
  paint: ChalkInstance,
  say: Say,
): readonly string[] {
  const width = Math.max(0, ...fact.outputs.map(({ key }) => key.length));
  const rows = fact.outputs.map(({ key, value, description }) => {
    const about = description === undefined ? "" : paint.dim(`  ${printable(description)}`);
    return `${key.padEnd(width)}  ${paint.bold(printable(value))}${about}`;
  });
  const made = new Date(fact.createdAt).toISOString();
  return [
    ...(rows.length === 0 ? [] : say(ruler("Stack outputs", paint), ...rows)),
    ...say(
      `${paint.green("✓")} Stack ${fact.stackName} is ${fact.status} ${paint.dim(`made ${made} ${fact.stackId}`)}`,
    ),
  ];
}
