import { devNull } from "node:os";
import { basename, dirname, join } from "node:path";
import { withoutCredentials } from "../rules/without-credentials.ts";
import { runTimeLimited, type TimeLimitedCommand } from "../time-limited-command.ts";
import type { Program } from "./installed-serverless.ts";
import { type PackageOptions, packageArguments } from "./rules/package-command.ts";
import { copyService } from "./service-copy.ts";

/** Serverless's output directory, in the service's directory. */
export const OUTPUT = ".serverless";
const TEMPLATE = "cloudformation-template-update-stack.json";

/** A service to package with its own installation of Serverless. */
export type ServiceToPackage = PackageOptions &
  Pick<TimeLimitedCommand, "env" | "signal" | "limitMs"> & {
    /** The file of the service; absolute. */
    readonly file: string;
    /** The files that were read; absolute. */
    readonly inputs: readonly string[];
    readonly stateDir: string;
    /** Whether a changed file caused another read. */
    readonly isFollowing: boolean;
    /** Receives a sentence about the command that runs. */
    readonly report: ((text: string) => void) | undefined;
  };

/** The template that `serverless package` writes for a service file; absolute. */
export function packagedTemplate(file: string): string {
  return join(dirname(file), OUTPUT, TEMPLATE);
}

/** Packages a copy of the service, without credentials. Returns its template, or a sentence if that fails. */
export async function packageService(
  service: ServiceToPackage,
  { name, script }: Program,
  into: string,
): Promise<{ readonly template: string; readonly startedAt: number } | string> {
  const { file, env, signal, limitMs } = service;
  service.report?.(`Packaging the service: ${name} package`);
  const directory = copyService(dirname(file), into);
  const output = join(directory, OUTPUT);
  const quiet = { SLS_TELEMETRY_DISABLED: "1", SLS_NOTIFICATIONS_MODE: "off" };
  const startedAt = Date.now();
  const failure = await runTimeLimited({
    command: [
      process.execPath,
      script,
      "package",
      ...packageArguments(service, { config: basename(file), output }),
    ],
    cwd: directory,
    env: { ...withoutCredentials(env, devNull), ...quiet },
    signal,
    limitMs,
  });
  if (failure !== undefined) {
    return [`${name} package ${failure.why}.`, ...failure.said].join("\n  ");
  }
  return { template: join(output, TEMPLATE), startedAt };
}
