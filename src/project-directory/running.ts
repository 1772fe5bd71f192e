import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { dirname, join, resolve } from "node:path";
import { errorCode } from "../errors/error-code.ts";
import { whyNotWritten } from "../errors/in-words.ts";
import { WsgwError } from "../errors.ts";
import { isRunning } from "../processes/is-running.ts";
import { objectOf } from "../values/json.ts";
import { makeStateDirectory, stateInCache, stateNextTo } from "./state-directory.ts";

/** The control interface of a running gateway, and its token. */
export type ControlAddress = {
  /** `http://localhost:PORT/_wsgw` */
  readonly url: string;
  /** Without it, every path of the interface is answered like an unknown path of API Gateway. */
  readonly token: string;
  /** Of the interface; absent in a wsgw that supported only one API. */
  readonly version?: number;
};

/** An API of a running gateway, with the URLs of its stages. */
export type AnnouncedApi = {
  readonly name: string;
  readonly stages: readonly {
    readonly name: string;
    readonly url: string;
    readonly secureUrl: string;
    readonly managementUrl: string;
  }[];
};

/** A running gateway of `wsgw dev`, as other commands find it. Its URLs are for this machine. */
export type RunningGateway = {
  readonly url: string;
  readonly secureUrl: string;
  readonly managementUrl: string;
  /**
   * The default API is first; its first stage has the URLs above. Undefined for a gateway of an older wsgw.
   */
  readonly apis?: readonly AnnouncedApi[] | undefined;
  readonly dynamodbEndpoint: string | undefined;
  /** The region of its tables. Undefined for a gateway of an older wsgw, which supported only `us-east-1`. */
  readonly region?: string | undefined;
  /** This machine's name for other machines; undefined if the gateway is only for this machine. */
  readonly publicHost?: string | undefined;
  /** The address that it listens on. Undefined for a gateway of an older wsgw. */
  readonly host?: string | undefined;
  readonly pid: number;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Keys for the gateway's own signatures; not valid anywhere else. */
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string | undefined;
  };
  /** PEM file of the authority of the gateway's certificates. */
  readonly caFile: string | undefined;
  /** Undefined for a gateway of an older wsgw. */
  readonly control?: ControlAddress | undefined;
};

const ANSWER_LIMIT_MS = 500;

/**
 * Makes a listening gateway findable for other commands, by a file in its project's state directory that only
 * this user can read. Deletes files of killed gateways. Returns the function that deletes the file, which may
 * be called twice.
 */
export async function announceRunning(
  stateDir: string,
  gateway: RunningGateway,
): Promise<() => Promise<void>> {
  const directory = recordsIn(stateDir);
  // A unique name: deleting the file of a gateway that has ended must not affect a later one with the same
  // pid.
  const name = `${gateway.pid}-${randomBytes(4).toString("hex")}`;
  const file = join(directory, `${name}.json`);
  const unfinished = join(directory, `.${gateway.pid}.tmp`);
  makeStateDirectory(stateDir);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await rm(unfinished, { force: true });
    await writeFile(unfinished, `${JSON.stringify(gateway, undefined, 2)}\n`, { mode: 0o600 });
    await rename(unfinished, file);
  } catch (cause) {
    const message = `${file} cannot be written: ${whyNotWritten(cause, file)}.`;
    throw new WsgwError("PROJECT_UNWRITABLE", message, { cause });
  }
  await Promise.all((await jsonFiles(directory)).filter((each) => each !== file).map(readLive));
  return () => rm(file, { force: true });
}

/**
 * The running gateways of the nearest project at or above `cwd`, newest first; with a `stateDir`, those whose
 * state is there. Deletes files of killed gateways.
 */
export async function findRunning(
  cwd: string,
  stateDir?: string,
): Promise<readonly RunningGateway[]> {
  const places =
    stateDir === undefined
      ? [...upwards(resolve(cwd))].map((directory) => [
          stateNextTo(directory),
          stateInCache(directory),
        ])
      : [[resolve(cwd, stateDir)]];
  for (const stateDirs of places) {
    const files = await Promise.all(stateDirs.map((each) => jsonFiles(recordsIn(each))));
    const found = await Promise.all(files.flat().map(readLive));
    const live = found.filter((gateway) => gateway !== undefined);
    if (live.length > 0) return live.sort((a, b) => b.startedAt - a.startedAt);
  }
  return [];
}

function recordsIn(stateDir: string): string {
  return join(stateDir, "running");
}

function* upwards(directory: string): Generator<string> {
  yield directory;
  const parent = dirname(directory);
  if (parent !== directory) yield* upwards(parent);
}

async function jsonFiles(directory: string): Promise<readonly string[]> {
  try {
    const names = await readdir(directory);
    return names
      .filter((name) => /^\d+(-[\da-f]+)?\.json$/.test(name))
      .map((name) => join(directory, name));
  } catch {
    return []; // no gateway has ever run here, or the directory belongs to another user
  }
}

async function readLive(file: string): Promise<RunningGateway | undefined> {
  const gateway = await read(file);
  if (gateway === undefined) return undefined;
  const answer = isRunning(gateway.pid) ? await knock(gateway.url) : "refuses";
  if (answer === "refuses") await rm(file, { force: true });
  return answer === "listens" ? gateway : undefined;
}

async function read(file: string): Promise<RunningGateway | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    return isGateway(value) ? value : undefined; // otherwise written by an unknown version
  } catch {
    return undefined; // deleted in the meantime
  }
}

function isGateway(value: unknown): value is RunningGateway {
  const { pid, startedAt, credentials, apis, control } = objectOf(value);
  return (
    Number.isSafeInteger(pid) &&
    Number(pid) > 0 &&
    typeof startedAt === "number" &&
    hasTexts(value, URLS, ["dynamodbEndpoint", "region", "publicHost", "caFile"]) &&
    hasTexts(credentials, ["accessKeyId", "secretAccessKey"], ["sessionToken"]) &&
    (apis === undefined || (Array.isArray(apis) && apis.every(isApi))) &&
    (control === undefined || isControl(control))
  );
}

const URLS = ["url", "secureUrl", "managementUrl"];

function isApi(value: unknown): boolean {
  const { stages } = objectOf(value);
  const isStage = (stage: unknown) => hasTexts(stage, ["name", ...URLS]);
  return hasTexts(value, ["name"]) && Array.isArray(stages) && stages.every(isStage);
}

function isControl(value: unknown): boolean {
  const { version = 0 } = objectOf(value);
  return hasTexts(value, ["url", "token"]) && typeof version === "number";
}

/** Whether fields are strings; `optional` ones may be missing. */
function hasTexts(
  value: unknown,
  names: readonly string[],
  optional: readonly string[] = [],
): boolean {
  const fields = objectOf(value);
  const isText = (name: string) => typeof fields[name] === "string";
  return (
    names.every(isText) && optional.every((name) => fields[name] === undefined || isText(name))
  );
}

/** Whether `url` accepts connections. A slow gateway counts as "silent". */
function knock(url: string): Promise<"listens" | "refuses" | "silent"> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) });
    const answer = (result: "listens" | "refuses" | "silent") => {
      socket.destroy();
      resolve(result);
    };
    // If the machine was suspended, an answer that arrived in time is read late, but before this callback.
    socket.setTimeout(ANSWER_LIMIT_MS, () => setImmediate(answer, "silent"));
    socket.once("connect", () => answer("listens"));
    socket.once("error", (error) =>
      answer(errorCode(error) === "ECONNREFUSED" ? "refuses" : "silent"),
    );
  });
}
