import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { quickTiming } from "../runs.ts";

const run = promisify(execFile);
const script = fileURLToPath(new URL("moto_with_websockets.py", import.meta.url));

/** What these tests judge with; where one is missing they are skipped, and fail in CI. */
export const missingJudges = (
  await Promise.all([
    missing("moto[server]", "python3", [
      "-c",
      "from importlib.util import find_spec as f; import sys; sys.exit(not (f('moto') and f('flask')))",
    ]),
    missing("awscli", "sh", ["-c", "command -v aws"]),
  ])
).flat();

/** Until moto and what a file needs of it are there, on a busy machine. */
export const START_MS = 60_000;

/** Skips where judges are missing, but not in CI: there every test that needs them fails by itself. */
export const skipped = missingJudges.length > 0 && process.env.CI !== "true";
if (skipped)
  console.warn(`Skipped, because ${missingJudges.join(" and ")} is not installed (pip).`);

async function missing(name: string, command: string, args: string[]): Promise<string[]> {
  try {
    await run(command, args);
    return [];
  } catch {
    return [name];
  }
}

export type Moto = {
  readonly url: string;
  /** Calls the AWS CLI on it; what it prints, read as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: what a command prints has no type here
  aws(...args: string[]): Promise<any>;
  reset(): Promise<void>;
  stop(): Promise<void>;
};

/** One moto for the tests of a file or a `describe`, emptied before each of them. */
export function useMoto(): Pick<Moto, "url" | "aws"> {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto();
  }, START_MS);
  beforeEach(() => moto.reset());
  afterAll(() => moto?.stop());
  return {
    get url() {
      return moto.url;
    },
    aws: (...args) => moto.aws(...args),
  };
}

/** What a deployment of a project takes to go to moto, in the one region in which moto is asked. */
export function deployOptions(cwd: string, moto: Pick<Moto, "url">) {
  return {
    cwd,
    env: {},
    region: "us-east-1",
    endpointUrl: moto.url,
    confirm: async () => true,
    timing: quickTiming(),
  };
}

/** Starts one moto with every service that a deployment touches. */
export async function startMoto(): Promise<Moto> {
  if (missingJudges.length > 0) throw new Error(`Not installed: ${missingJudges.join(", ")}`);
  const child = spawn("python3", [script], { stdio: ["pipe", "pipe", "ignore"] });
  const ended = once(child, "exit").then(([status]) => {
    throw new Error(`moto ended with ${status} before it told its port.`);
  });
  ended.catch(() => {}); // later it is told to
  const [port] = await Promise.race([
    once(createInterface(child.stdout), "line") as Promise<[string]>,
    ended,
  ]);
  child.stdout.resume();
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    async aws(...args) {
      const all = ["--endpoint-url", url, "--region", "us-east-1", "--output", "json", ...args];
      const { stdout } = await run("aws", all, {
        env: { ...process.env, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
      });
      return stdout.trim() === "" ? undefined : JSON.parse(stdout);
    },
    async reset() {
      await fetch(`${url}/moto-api/reset`, { method: "POST" });
    },
    async stop() {
      if (child.exitCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
    },
  };
}
