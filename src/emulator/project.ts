import { type BuildAim, createBundler } from "../bundle/bundler.ts";
import { createProgramFinder } from "../bundle/programs.ts";
import { checkProject } from "../definition/checks.ts";
import { withoutDenials } from "../definition/denied-calls.ts";
import { type LocalProject, localProject } from "../definition/local-project.ts";
import type { Project } from "../definition/project.ts";
import { esbuildIn } from "../definition/schema.ts";
import { WsgwError } from "../errors.ts";
import { fieldOf } from "../values/json.ts";
import { parseRouteExpression } from "./apigateway/message/rules/route-expression.ts";
import { faultIn } from "./broken-functions.ts";
import { buildCode, type Code, handlersIn } from "./build-functions.ts";
import { meaningsOf } from "./host-table.ts";
import { warnOnce } from "./journal/warn-once.ts";
import type { EmulatorSettings } from "./options.ts";
import type { NextProject } from "./restart-reasons.ts";

/** A valid definition, and the code of its functions, some of which may be broken. */
type Checked = {
  readonly project: NextProject;
  /** Whether it is a project with several APIs. */
  readonly isLongForm: boolean;
  readonly code: Promise<Code>;
};

/** Reads definitions as projects with code. */
export type ProjectReader = {
  /** Throws a WsgwError with all errors in an invalid definition, including its handlers. */
  read(definition: unknown): Promise<Checked>;
  /** A project with local values for its references. */
  local(project: Project): LocalProject;
  /** Builds the code of a project again. */
  build(project: LocalProject): Promise<Code>;
  stop(): Promise<void>;
};

/** The settings that reading a project depends on. */
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
  /** The last warnings about the definition: after a change only new ones are reported. */
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
      code.catch(() => {}); // reported where it is awaited
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

/** Whether an invalid handler or runtime has been reported: its consequences add nothing. */
function isReportedBy(line: string, reported: string): boolean {
  const name = /^Function "([^"]+)" /.exec(line)?.[1];
  if (name === undefined) return false;
  return ["handler", "runtime"].some((field) => reported.includes(`functions.${name}.${field}: `));
}

/** Adds the errors in handlers to those in the definition. */
async function withHandlerFaults(error: unknown, code: Promise<Code>): Promise<unknown> {
  const failure = faultIn(await code);
  if (!(error instanceof WsgwError) || failure === undefined) return error;
  const more = failure.message.split("\n").filter((line) => !isReportedBy(line, error.message));
  if (more.length === 0) return error;
  const hint = `${error.hint}\n${failure.hint}`;
  return new WsgwError(error.code, [error.message, ...more].join("\n"), { hint });
}
