import { basename, relative, resolve } from "node:path";
import { notePort, withHolder } from "../project-folder/port-holders.ts";
import { announceRunning } from "../project-folder/running.ts";
import { loadConfig } from "../readers/config/config-file.ts";
import { applyEnvFile, envFileWarnings, loadEnvFile } from "../readers/env-file.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "./emulator.ts";
import { followFiles } from "./follow-files.ts";
import { DEFAULT_PORT } from "./options.ts";
import { findPublicHost } from "./public-host.ts";

export type DevOptions = Pick<
  EmulatorOptions,
  | "port"
  | "host"
  | "region"
  | "dataDir"
  | "dynamodbEndpoint"
  | "dynamodbPort"
  | "allowAws"
  | "environments"
  | "inspectPort"
  | "strict"
> & {
  /**
   * Name or address by which other machines reach this one; `auto` takes the first IPv4 address that
   * is not internal. It then listens on every address, unless `host` says otherwise.
   */
  readonly publicHost?: string;
  /** Folder to look for the config file in, and upwards of it. */
  readonly cwd: string;
  /** The config file, relative to `cwd`. */
  readonly config?: string;
  /** Values for variables that functions declare, relative to `cwd`. */
  readonly envFile?: string;
};

/** An emulator that follows the files of a project. */
export type DevSession = Omit<Emulator, "update" | "reload"> & { readonly configFile: string };

/** Enough to tell what happened while it started; keeping more costs the garbage collector. */
const KEPT_FACTS = 1_000;
/** Enough for a chat; each is an idle process until its function is called. */
const WARM_FUNCTIONS = 3;
/** Whoever edits one handler looks at its neighbour next; each prewarmed environment takes the memory of an idle process. */
const PREWARMED = 2;

/** Longer than a function's default time limit, so that its handlers end by themselves, and not much longer. */
const STOP_GRACE_MS = 3_500;

/**
 * Starts the emulator of a project and follows its files: changed handlers run from the next event
 * on, a changed definition is served at once as far as that is possible. Other commands of wsgw find
 * the gateway by the file that it leaves in the project's `.wsgw` while it runs.
 */
export async function startDev(options: DevOptions): Promise<DevSession> {
  const { cwd, config, envFile, port, host, dataDir, dynamodbEndpoint, allowAws } = options;
  const { dynamodbPort, environments, inspectPort, region, strict } = options;
  const publicHost = findPublicHost(options.publicHost);
  const variables = envFile === undefined ? {} : loadEnvFile(resolve(cwd, envFile));
  const load = (signal?: AbortSignal) =>
    loadConfig({ cwd, file: config, environment: variables, limits: { signal } });

  const loaded = await load();
  const { root, file: configFile } = loaded;
  let told: readonly string[] = [];
  const emulator = await startEmulator({
    definition: loaded.definition,
    source: relative(cwd, configFile) || basename(configFile),
    root,
    ...(port !== undefined && { port }),
    ...(region !== undefined && { region }),
    regionFrom: process.env,
    ...(host !== undefined && { host }),
    ...(publicHost !== undefined && { publicHost }),
    ...(dataDir !== undefined && { dataDir: resolve(cwd, dataDir) }),
    ...(dynamodbEndpoint !== undefined && { dynamodbEndpoint }),
    ...(dynamodbPort !== undefined && { dynamodbPort }),
    ...(allowAws !== undefined && { allowAws }),
    ...(inspectPort !== undefined && { inspectPort }),
    ...(strict !== undefined && { strict }),
    ...(environments !== undefined && { environments }),
    keepFacts: KEPT_FACTS,
    warm: WARM_FUNCTIONS,
    prewarmed: PREWARMED,
    stopGraceMs: STOP_GRACE_MS,
    adjust(project) {
      const applied = applyEnvFile(project, variables);
      told = envFile === undefined ? [] : envFileWarnings(envFile, applied);
      return applied.project;
    },
  }).catch(async (error: unknown) => {
    throw await withHolder(error, port === undefined || port === "auto" ? DEFAULT_PORT : port);
  });
  const { journal } = emulator;
  for (const message of told) journal.record({ type: "warning", message });

  const following = followFiles({ emulator, root, load, configInputs: loaded.inputs });
  const withdraw = await announceRunning(root, {
    ...emulator.local, // with its APIs
    publicHost: emulator.publicHost,
    dynamodbEndpoint: emulator.dynamodbEndpoint,
    region: emulator.region,
    pid: process.pid,
    startedAt: Date.now(),
    credentials: emulator.credentials,
    caFile: emulator.caFile,
    control: emulator.control,
  }).catch(async (error: unknown) => {
    await following.stop();
    await emulator.stop();
    throw error;
  });
  const unnote = await notePort(emulator.port, root);

  return {
    ...emulator,
    get project() {
      return emulator.project; // a spread would keep the first one
    },
    get apis() {
      return emulator.apis;
    },
    get functions() {
      return emulator.functions;
    },
    configFile,
    async stop() {
      await following.stop();
      try {
        await Promise.all([withdraw(), unnote()]);
      } finally {
        await emulator.stop();
      }
    },
  };
}
