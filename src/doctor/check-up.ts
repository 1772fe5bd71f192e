import { createRequire } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { createBundler } from "../bundle/bundler.ts";
import { createProgramFinder } from "../bundle/programs.ts";
import { unableIn } from "../emulator/broken-functions.ts";
import { buildCode } from "../emulator/build-functions.ts";
import { readSeeds } from "../emulator/dynamodb/seed.ts";
import { domainsOf } from "../emulator/host-table.ts";
import { findCredentials } from "../emulator/iam/credential-names.ts";
import { addressesOfHost } from "../emulator/network/rules/public-host.ts";
import { DEFAULT_PORT } from "../emulator/options.ts";
import { type FoundProject, readProject } from "../emulator/read-project.ts";
import { whyNotListening } from "../errors/in-words.ts";
import { WsgwError } from "../errors.ts";
import { findHolder, tryPort } from "../project-directory/port-holders.ts";
import { findRunning } from "../project-directory/running.ts";
import { stateInCache, stateNextTo } from "../project-directory/state-directory.ts";
import { projectOf } from "../readers/find-definition.ts";
import type { ProjectSource } from "../readers/load-definition.ts";
import { missingPackages, probeStateDirectory, readAuthority } from "./probe-project.ts";
import { type Finding, warning } from "./rules/findings.ts";
import { judgeAuthority } from "./rules/judge-certificates.ts";
import { judgeCredentials } from "./rules/judge-credentials.ts";
import { judgeConfig, judgeSeeds } from "./rules/judge-definition.ts";
import {
  type FunctionsState,
  judgeFunctions,
  judgePackages,
  judgeRuntimes,
  judgeUnserved,
  type MissingPackages,
} from "./rules/judge-functions.ts";
import { judgeNode } from "./rules/judge-node.ts";
import { judgeGateways, judgePort, type PortState } from "./rules/judge-port.ts";
import { judgeState } from "./rules/judge-state-directory.ts";

export type CheckUpOptions = ProjectSource & {
  /** The port for `wsgw dev`: `auto` takes 3001 or the next free one. Default 3001. */
  readonly port?: number | "auto";
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** The result of `wsgw doctor`. */
export type CheckUp = {
  readonly findings: readonly Finding[];
  /** Whether a finding blocks. */
  readonly blocked: boolean;
};

const HOST = "127.0.0.1";

/** Checks everything that a project needs on this machine. Changes nothing, and does not use the network. */
export async function checkUp(options: CheckUpOptions): Promise<CheckUp> {
  const { cwd, env } = options;
  const [port, project, gateways, credentials] = await Promise.all([
    options.port === "auto" ? nextFree(DEFAULT_PORT) : (options.port ?? DEFAULT_PORT),
    tryToRead(options),
    findRunning(cwd, options.stateDir),
    findCredentials(env),
  ]);
  const read = project instanceof WsgwError ? undefined : project;
  const stateDir = read?.stateDir ?? stateWithout(options);
  const domains = domainsOf(Object.values(read?.project.apis ?? {}));
  const [functions, portState, authorities, state] = await Promise.all([
    read === undefined ? undefined : lookAtFunctions(read),
    lookAtPort(port),
    Promise.all([
      readAuthority(stateDir),
      ...domains.map((domain) => readAuthority(stateDir, domain)),
    ]),
    probeStateDirectory(stateDir),
  ]);
  const { version, engines } = nodeVersions();
  const findings = [
    judgeNode(version, engines),
    judgeConfig(
      project instanceof WsgwError
        ? { kind: "faulty", message: project.message, hint: project.hint }
        : {
            kind: "good",
            file: relative(cwd, project.configFile) || project.configFile,
            apis: Object.values(project.project.apis).map(({ name }) => name),
          },
    ),
    ...(read?.warnings ?? []).map((said) => warning("config", said)),
    ...(functions === undefined ? [] : judgeFunctions(functions)),
    ...(functions === undefined ? [] : judgePackages(functions.missingPackages)),
    ...(read === undefined ? [] : judgeRuntimes(read.project.functions)),
    ...(read === undefined ? [] : judgeUnserved(read.source.unserved)),
    ...judgeSeeds(read === undefined ? undefined : faultInSeeds(read)),
    judgePort(
      port,
      portState,
      gateways.map(({ pid }) => pid),
    ),
    judgeGateways(gateways.map(({ url }) => url)),
    ...authorities.map((authority) => judgeAuthority(authority, Date.now())),
    judgeCredentials(credentials),
    judgeState(state),
  ];
  return { findings, blocked: findings.some(({ verdict }) => verdict === "blocked") };
}

async function tryToRead(
  options: Parameters<typeof readProject>[0],
): Promise<FoundProject | WsgwError> {
  try {
    return await readProject(options);
  } catch (error) {
    if (error instanceof WsgwError) return error;
    throw error;
  }
}

/** The state directory of an unreadable project. */
function stateWithout({ cwd, config, template, stateDir }: ProjectSource): string {
  if (stateDir !== undefined) return resolve(cwd, stateDir);
  if (template !== undefined) return stateInCache(projectOf(resolve(cwd, template)));
  return stateNextTo(config === undefined ? resolve(cwd) : dirname(resolve(cwd, config)));
}

async function lookAtFunctions({
  project,
  root,
  stateDir,
}: FoundProject): Promise<
  FunctionsState & { readonly missingPackages: readonly MissingPackages[] }
> {
  const all = Object.values(project.functions);
  const bundler = createBundler({ root, stateDir, purpose: "child-process", dryRun: true });
  const warnings = new Set<string>();
  try {
    const code = await buildCode(all, {
      root,
      bundler,
      programs: createProgramFinder(root, [stateDir]),
      warn: (message) => warnings.add(message),
      esbuild: project.esbuild,
    });
    const built = [...code.built.values()];
    const commands = built.flatMap((each) => ("command" in each ? (each.command[0] ?? []) : []));
    const faults = new Map(
      [...unableIn(code).values()].flatMap(({ because, advice }) =>
        because.map((said) => [said, advice.join(" ")] as const),
      ),
    );
    return {
      count: all.length,
      programs: [...new Set(commands)],
      faults: [...faults].map(([said, advice]) => ({ said, advice })),
      warnings: [...warnings],
      missingPackages: missingPackages(
        root,
        built.flatMap((each) => ("source" in each ? each.source : [])),
      ),
    };
  } finally {
    await bundler.stop();
  }
}

function faultInSeeds({ project, root }: FoundProject): WsgwError | undefined {
  try {
    readSeeds(project, root);
    return undefined;
  } catch (error) {
    if (error instanceof WsgwError) return error;
    throw error;
  }
}

async function lookAtPort(port: number): Promise<PortState> {
  const error = await tryPort(port, addressesOfHost(HOST));
  if (error === undefined) return { kind: "free" };
  if (error.code !== "EADDRINUSE") return { kind: "unusable", why: whyNotListening(error) };
  return { kind: "held", by: await findHolder(port) };
}

async function nextFree(port: number): Promise<number> {
  const error = await tryPort(port, addressesOfHost(HOST));
  return error?.code === "EADDRINUSE" ? nextFree(port + 1) : port;
}

/** The running Node, and the range in wsgw's own package.json. */
function nodeVersions(): { readonly version: string; readonly engines: string } {
  const { engines } = createRequire(import.meta.url)("wsgw/package.json") as {
    readonly engines: { readonly node: string };
  };
  return { version: process.versions.node, engines: engines.node };
}
