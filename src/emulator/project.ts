import { type BuildAim, createBundler } from "../bundle/bundler.ts";
import { createProgramFinder } from "../bundle/programs.ts";
import { checkProject } from "../definition/checks.ts";
import { withoutDenials } from "../definition/integrations.ts";
import { type LocalProject, localProject } from "../definition/local-project.ts";
import type { Project } from "../definition/project.ts";
import { esbuildIn } from "../definition/schema.ts";
import { WsgwError } from "../errors.ts";
import { fieldOf } from "../values/json.ts";
import { parseRouteExpression } from "./apigateway/message/rules/route-expression.ts";
import { buildCode, type Code, faultIn, handlersIn } from "./functions.ts";
import { meaningsOf } from "./host-table.ts";
import { warnOnce } from "./journal/warn-once.ts";
import type { EmulatorSettings } from "./options.ts";
import type { NextProject } from "./project-changes.ts";

/** A sound definition, and the code of its functions, some of which may be broken. */
type Checked = {
  readonly project: NextProject;
  /** Whether it is written as a project of several APIs. */
  readonly isLongForm: boolean;
  readonly code: Promise<Code>;
};

/** Turns definitions into projects with code. */
export type ProjectReader = {
  /** Throws a WsgwError with everything that is wrong with a definition that is not sound, its handlers included. */
  read(definition: unknown): Promise<Checked>;
  /** A project as it runs here: its references mean what is in it. */
  local(project: Project): LocalProject;
  /** Reads the code of an API again. */
  build(project: LocalProject): Promise<Code>;
  stop(): Promise<void>;
};

/** What reading a project depends on. */
type ReaderSettings = Pick<
  EmulatorSettings,
  | "accountId"
  | "adjust"
  | "dataDir"
  | "handlers"
  | "inspectPort"
  | "journal"
  | "permissions"
  | "placeOf"
  | "region"
  | "root"
  | "runtime"
  | "source"
  | "stateDir"
  | "strict"
  | "virtualTime"
>;

export function createProjectReader(settings: ReaderSettings): ProjectReader {
  const { root, runtime, journal, stateDir, dataDir, virtualTime } = settings;
  const given = new Set(Object.keys(settings.handlers));
  const aim: BuildAim =
    runtime === "in-process"
      ? { purpose: runtime, virtualTime }
      : { purpose: runtime, debug: settings.inspectPort !== undefined };
  const bundler = createBundler({ root, stateDir, ...aim });
  const programs = createProgramFinder(
    root,
    dataDir === undefined ? [stateDir] : [stateDir, dataDir],
  );
  const warn = warnOnce(journal);
  /** What the definition was warned of last: a change tells what is new. */
  let warnedOfDefinition: readonly string[] = [];

  const build = (definition: unknown): Promise<Code> =>
    buildCode(
      handlersIn(definition).filter(({ name }) => !given.has(name)),
      { root, bundler, programs, warn, esbuild: esbuildIn(definition) },
    );

  function check(definition: unknown): NextProject {
    const { project, warnings } = checkProject(definition, settings.source, {
      parseExpression: parseRouteExpression,
    });
    for (const message of warnings) {
      if (!warnedOfDefinition.includes(message)) journal.record({ type: "warning", message });
    }
    warnedOfDefinition = warnings;
    const allowed = settings.permissions === "enforce" ? project : withoutDenials(project);
    return { ...settings.adjust(allowed), ...settings.placeOf(definition) };
  }

  return {
    async read(definition) {
      const code = build(definition);
      code.catch(() => {}); // reported by what awaits it
      try {
        const project = check(definition);
        return { project, isLongForm: fieldOf(definition, "apis") !== undefined, code };
      } catch (error) {
        throw await withHandlerFaults(error, code);
      }
    },
    local: (project) => localProject(project, meaningsOf(settings)),
    build,
    stop: bundler.stop,
  };
}

/** A handler or runtime that is no such thing is told of once: what it would lead to says nothing more. */
function isToldOf(line: string, told: string): boolean {
  const name = /^Function "([^"]+)" /.exec(line)?.[1];
  if (name === undefined) return false;
  return ["handler", "runtime"].some((field) => told.includes(`functions.${name}.${field}: `));
}

/** What is wrong with the handlers is told along with what is wrong with the definition. */
async function withHandlerFaults(error: unknown, code: Promise<Code>): Promise<unknown> {
  const failure = faultIn(await code);
  if (!(error instanceof WsgwError) || failure === undefined) return error;
  const more = failure.message.split("\n").filter((line) => !isToldOf(line, error.message));
  if (more.length === 0) return error;
  const hint = `${error.hint}\n${failure.hint}`;
  return new WsgwError(error.code, [error.message, ...more].join("\n"), { hint });
}
