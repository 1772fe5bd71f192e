import { relative, resolve } from "node:path";
import type { ChalkInstance } from "chalk";
import {
  isProjectName,
  type Language,
  type ProjectPlan,
  projectNameOf,
  type WrittenProject,
} from "../../src/app.ts";
import { coloursFor } from "../terminal/colours.ts";
import { formatDuration } from "../terminal/duration.ts";
import type { Io } from "../terminal/io.ts";
import { printFitted } from "../terminal/output.ts";
import { rejectProjectOfAnotherTool } from "./project-of-another-tool.ts";
import { askForRest } from "./questions.ts";

export type InitOptions = Partial<Omit<ProjectPlan, "cwd">> & {
  /** Asks no questions, even at a terminal. */
  readonly yes: boolean;
  readonly install: boolean;
  readonly color: boolean | undefined;
};

const EXIT = { done: 0, interrupted: 130 } as const;
const DEFAULT_LANGUAGE: Language = "typescript";

/** Runs `wsgw init` and returns the exit code. */
export async function runInit(options: InitOptions, io: Io): Promise<number> {
  const { yes, install, color, ...said } = options;
  const { definingFilesIn, installPackages, writeProject } = await io.app();
  rejectProjectOfAnotherTool(definingFilesIn(resolve(io.cwd, said.directory ?? ".")), io);
  const paint = coloursFor(io.stdout, io, color);
  const say = (line: string) => printFitted(io.stdout, line);

  const suggested = {
    name: projectNameOf(resolve(io.cwd, said.directory ?? ".")),
    language: DEFAULT_LANGUAGE,
  };
  const isTerminal = io.stdin.isTTY === true && io.stdout.isTTY === true;
  const answers =
    isTerminal && !yes ? await askForRest(said, suggested, isProjectName, io, paint) : suggested;
  if (answers === undefined) {
    say("\nNothing was written.");
    return EXIT.interrupted;
  }

  const plan = { ...answers, ...said };
  const written = await writeProject({ ...plan, cwd: io.cwd });
  const { root } = written;
  const place = relative(io.cwd, root);
  for (const line of writtenLines(written, plan, place, paint)) say(line);
  if (plan.configOnly) {
    for (const line of CONFIG_STEPS) say(line);
    return EXIT.done;
  }
  if (install) {
    say(paint.dim("  Running npm install …"));
    const start = performance.now();
    await installPackages(root);
    say(
      `${paint.green("✓")} Installed the packages in ${formatDuration(performance.now() - start)}.`,
    );
  }
  for (const line of nextSteps(written, place, install)) say(line);
  return EXIT.done;
}

/** The files that were written, and those that were kept. */
function writtenLines(
  { files, overwritten, extended, kept }: WrittenProject,
  { name, language, configOnly }: Pick<ProjectPlan, "name" | "language" | "configOnly">,
  place: string,
  paint: ChalkInstance,
): readonly string[] {
  const what = configOnly ? "a definition" : `${name}, in ${LANGUAGE_NAMES[language]},`;
  const noteOn = (path: string): string => {
    if (overwritten.includes(path)) return paint.yellow("  overwritten");
    return extended.includes(path) ? paint.dim("  scripts and packages added") : "";
  };
  return [
    `${paint.green("✓")} Wrote ${what} to ${place || "this directory"}:`,
    ...files.map((path) => `    ${path}${noteOn(path)}`),
    ...(kept.length === 0 ? [] : ["  Unchanged:"]),
    ...kept.map((path) => `    ${path}${paint.dim(noteOnKept(path))}`),
  ];
}

/** The tests of the chat use matchers, which a configuration of Vitest registers. */
function noteOnKept(path: string): string {
  return /^vite(st)?\.config\./.test(path) ? '  add "wsgw/testing/vitest" to its setupFiles' : "";
}

const CONFIG_STEPS = [
  "",
  "Next:",
  "",
  `  ${"edit the config file".padEnd(26)}set the handlers of your functions, and your routes`,
  `  ${"npx wsgw dev".padEnd(26)}serves the API on this machine`,
];

const LANGUAGE_NAMES = { typescript: "TypeScript", javascript: "JavaScript" } as const;

/** The next commands, in a useful order. */
function nextSteps(
  { scripts }: WrittenProject,
  place: string,
  installed: boolean,
): readonly string[] {
  const run = (script: string, npm: string, command: string): string =>
    scripts[script] === command ? npm : `npx ${command}`;
  const deploy = run("deploy", "npm run deploy", "wsgw deploy");
  const options = deploy.startsWith("npm ") ? " -- --noop" : " --noop";
  const steps = [
    ...(place === "" ? [] : [[`cd ${/\s/.test(place) ? `"${place}"` : place}`, ""]]),
    ...(installed ? [] : [["npm install", ""]]),
    [run("start", "npm start", "wsgw dev"), "serves the chat on this machine"],
    ["npx wsgw send", "talks to it, in a second terminal"],
    [run("test", "npm test", "vitest run"), "runs its tests"],
    [`${deploy}${options}`, "shows what would go to AWS"],
    [deploy, "deploys it to AWS"],
  ];
  return [
    "",
    "Next:",
    "",
    ...steps.map(([command = "", what = ""]) => `  ${command.padEnd(26)}${what}`.trimEnd()),
  ];
}
