import { basename, relative, resolve, sep } from "node:path";
import { notePort, withHolder } from "../project-directory/port-holders.ts";
import { announceRunning } from "../project-directory/running.ts";
import { stateInCache } from "../project-directory/state-directory.ts";
import { applyEnvFile, envFileWarnings, loadEnvFile } from "../readers/env-file.ts";
import { projectOf } from "../readers/find-definition.ts";
import type { ProjectSource } from "../readers/load-definition.ts";
import type { DefinitionSource, LoadedDefinition } from "../readers/loaded-definition.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "./emulator.ts";
import { loadDefinition } from "./load-project.ts";
import { DEFAULT_PORT } from "./options.ts";
import { findPublicHost } from "./public-host-option.ts";
import { ProjectFollower } from "./reload-project.ts";
import { STOP_GRACE_MS } from "./shutdown.ts";
import { issuerOfPool } from "./tokens/rules/user-pool.ts";
import { createTokenSigner } from "./tokens/token-signer.ts";

/** Options that the emulator receives unchanged. */
const PASSED_ON = [
  "port",
  "host",
  "region",
  "dynamodbEndpoint",
  "dynamodbPort",
  "allowAws",
  "environments",
  "logsExecution",
  "logsRequests",
  "metrics",
  "inspectPort",
  "mockedIdentity",
  "permissions",
  "strict",
] as const satisfies readonly (keyof EmulatorOptions)[];

type PassedOn = Pick<EmulatorOptions, (typeof PASSED_ON)[number]>;

export type DevOptions = PassedOn &
  Pick<EmulatorOptions, "dataDir"> &
  ProjectSource & {
    /**
     * Name or address by which other machines reach this one; `auto` takes the first IPv4 address that is not
     * internal. The gateway then listens on every address, unless `host` is set.
     */
    readonly publicHost?: string;
    /** Id of a Cognito user pool whose tokens it signs, and whose key set functions get from it. */
    readonly userPool?: string;
    /** File for the lines of all access logs, relative to `cwd`. */
    readonly accessLogFile?: string;
    /** File for the lines of all execution logs, relative to `cwd`. */
    readonly executionLogFile?: string;
    /** Values for variables that functions declare, relative to `cwd`. */
    readonly envFile?: string;
    /** Aborts the start while the project is read. */
    readonly signal?: AbortSignal;
    /** Receives a sentence about what makes the start slow. */
    readonly report?: (text: string) => void;
  };

/** An emulator that follows the files of a project. */
export type DevSession = Omit<Emulator, "update" | "reload"> & {
  /** The file that defines the project: a config file or a template. */
  readonly configFile: string;
  /** Directory of the project's certificates and builds. */
  readonly stateDir: string;
  readonly source: DefinitionSource;
};

/** Enough to show what happened during the start; keeping more costs the garbage collector. */
const KEPT_FACTS = 1_000;
/** Enough for a chat; each is an idle process until its function is called. */
const WARM_FUNCTIONS = 3;
/**
 * An author who edits one handler edits its neighbour next. Each prewarmed environment takes the memory of an
 * idle process.
 */
const PREWARMED = 2;

/**
 * Starts the emulator of a project and follows its files: changed handlers run from the next event on, and a
 * changed definition is served at once as far as possible. While it runs, a file in the project's state
 * directory lets other commands find the gateway.
 */
export async function startDev(options: DevOptions): Promise<DevSession> {
  const { cwd, envFile, port } = options;
  const chosen = await emulatorOptions(options);
  const variables = envFile === undefined ? {} : loadEnvFile(resolve(cwd, envFile));
  const load = (from: ProjectSource, signal: AbortSignal | undefined, isFollowing: boolean) =>
    loadDefinition({
      ...options,
      ...from,
      environment: variables,
      regionFrom: process.env,
      limits: { signal },
      isFollowing,
    });

  const readSince = Date.now();
  const loaded = await load(options, options.signal, false);
  const { root, file: configFile, source, stateDir } = loaded;
  let warnings: readonly string[] = [];
  let current = () => source;
  const emulator = await startEmulator({
    definition: loaded.definition,
    source: relative(cwd, configFile) || basename(configFile),
    httpApis: () => current().httpApis,
    root,
    stateDir,
    regionFrom: process.env,
    ...chosen,
    keepFacts: KEPT_FACTS,
    warm: WARM_FUNCTIONS,
    prewarmed: PREWARMED,
    stopGraceMs: STOP_GRACE_MS,
    adjust(project) {
      const applied = applyEnvFile(project, variables);
      warnings = envFile === undefined ? [] : envFileWarnings(envFile, applied);
      return applied.project;
    },
  }).catch(async (error: unknown) => {
    const asked = port === undefined || port === "auto" ? DEFAULT_PORT : port;
    throw await withHolder(error, asked, root);
  });
  const { journal } = emulator;
  for (const message of warnings) journal.record({ type: "warning", message });

  // The same template, even if it disappears for a while or another one appears next to it.
  const same = source.kind === "config" ? options : { cwd, template: configFile };
  const following = new ProjectFollower({
    emulator,
    root,
    stateDir,
    load: (signal) => load(same, signal, true),
    loaded,
    readSince,
  });
  current = () => following.source;
  const withdraw = await announce(emulator, recordDirectories(loaded, options)).catch(
    async (error: unknown) => {
      await following.stop();
      await emulator.stop();
      throw error;
    },
  );
  const unnote = await notePort(emulator.port, root);

  return sessionOf(emulator, following, { configFile, stateDir }, async () => {
    await following.stop();
    try {
      await Promise.all([withdraw(), unnote()]);
    } finally {
      await emulator.stop();
    }
  });
}

/** The options of `wsgw dev` in the form that the emulator takes. */
async function emulatorOptions(options: DevOptions): Promise<Partial<EmulatorOptions>> {
  const { cwd, userPool, dataDir, accessLogFile, executionLogFile } = options;
  const publicHost = findPublicHost(options.publicHost);
  const signer = userPool && (await createTokenSigner(issuerOfPool(userPool), true));
  const given = PASSED_ON.filter((name) => options[name] !== undefined);
  const passedOn: PassedOn = Object.fromEntries(given.map((name) => [name, options[name]]));
  return {
    ...passedOn,
    ...(publicHost !== undefined && { publicHost }),
    ...(signer && { signer }),
    ...(dataDir !== undefined && { dataDir: resolve(cwd, dataDir) }),
    ...(accessLogFile !== undefined && { accessLogFile: resolve(cwd, accessLogFile) }),
    ...(executionLogFile !== undefined && { executionLogFile: resolve(cwd, executionLogFile) }),
  };
}

function sessionOf(
  emulator: Emulator,
  following: ProjectFollower,
  places: Pick<DevSession, "configFile" | "stateDir">,
  stop: () => Promise<void>,
): DevSession {
  return {
    ...emulator,
    get project() {
      return emulator.project; // a spread would keep the value at the start
    },
    get apis() {
      return emulator.apis;
    },
    get functions() {
      return emulator.functions;
    },
    ...places,
    get source() {
      return following.source;
    },
    stop,
  };
}

/** Makes the gateway findable from state directories. The returned function undoes that. */
async function announce(
  emulator: Emulator,
  stateDirs: readonly string[],
): Promise<() => Promise<unknown>> {
  const record = {
    ...emulator.local, // with its APIs
    publicHost: emulator.publicHost,
    host: emulator.host,
    dynamodbEndpoint: emulator.dynamodbEndpoint,
    region: emulator.region,
    pid: process.pid,
    startedAt: Date.now(),
    credentials: emulator.credentials,
    caFile: emulator.caFile,
    control: emulator.control,
  };
  const withdraws = await Promise.all(stateDirs.map((each) => announceRunning(each, record)));
  return () => Promise.all(withdraws.map((withdraw) => withdraw()));
}

/**
 * Directories in which other commands look for the gateway: the project's, and the one in which it started.
 */
function recordDirectories(
  { file, source, stateDir }: LoadedDefinition,
  options: ProjectSource,
): readonly string[] {
  const cwd = resolve(options.cwd);
  const isInside = `${cwd}${sep}`.startsWith(`${projectOf(file)}${sep}`);
  const isFound = source.kind === "config" || options.stateDir !== undefined || isInside;
  return isFound ? [stateDir] : [stateDir, stateInCache(cwd)];
}
