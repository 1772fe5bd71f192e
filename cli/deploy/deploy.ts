import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type DeployResult, WsgwError, whyNotWritten } from "../../src/app.ts";
import { explainEarlyEnd, runOnAws } from "../stack/aws-run.ts";
import { AWS_EXIT, type AwsRunOptions } from "../stack/options.ts";
import type { App, Io } from "../terminal/io.ts";

export type DeployCommandOptions = AwsRunOptions & {
  readonly deploy: Omit<Parameters<App["deploy"]>[0], "confirm" | "report" | "signal">;
  readonly outputsFile: string | undefined;
};

/** Runs `wsgw deploy` and returns the exit code. */
export async function runDeploy(options: DeployCommandOptions, io: Io): Promise<number> {
  const { deploy } = await io.app();
  const result = await runOnAws(options, io, (controls) =>
    deploy({ ...options.deploy, ...controls }),
  );
  switch (result.kind) {
    case "deployed":
    case "unchanged":
    case "code-updated":
      await writeOutputs(result, options.outputsFile, io);
      return AWS_EXIT.done;
    case "failed":
      return AWS_EXIT.failed;
    case "declined":
    case "interrupted":
      return explainEarlyEnd(result, "deploy", options, io);
    default:
      return result satisfies never;
  }
}

async function writeOutputs(
  { stack }: Extract<DeployResult, { stack: unknown }>,
  file: string | undefined,
  io: Io,
): Promise<void> {
  if (file === undefined) return;
  const path = resolve(io.cwd, file);
  const outputs = Object.fromEntries(stack.outputs.map(({ key, value }) => [key, value]));
  try {
    await writeFile(path, `${JSON.stringify(outputs, undefined, 2)}\n`);
  } catch (cause) {
    const message = `The stack is deployed, but wsgw cannot write its outputs to ${path}: ${whyNotWritten(cause, path)}.`;
    throw new WsgwError("OUTPUT_UNWRITABLE", message, { cause });
  }
}
