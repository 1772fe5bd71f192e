import { explainEarlyEnd, runOnAws } from "../stack/aws-run.ts";
import { AWS_EXIT, type AwsRunOptions } from "../stack/options.ts";
import { coloursFor } from "../terminal/colours.ts";
import { printable } from "../terminal/control-characters.ts";
import type { App, Io } from "../terminal/io.ts";
import { printFitted } from "../terminal/output.ts";

export type DestroyCommandOptions = AwsRunOptions & {
  readonly destroy: Omit<Parameters<App["destroy"]>[0], "confirm" | "report" | "signal">;
};

/** Runs `wsgw destroy` and returns the exit code. */
export async function runDestroy(options: DestroyCommandOptions, io: Io): Promise<number> {
  const { destroy } = await io.app();
  const result = await runOnAws(options, io, (controls) =>
    destroy({ ...options.destroy, ...controls }),
  );
  const paint = coloursFor(io.stdout, io, options.color);
  const say = (lines: readonly string[]) => {
    if (!options.json) printFitted(io.stdout, lines.join("\n"));
  };
  switch (result.kind) {
    case "destroyed":
      say([
        `${paint.green("✓")} The stack ${result.stackName} is gone.`,
        ...result.kept.map((id) => `  ${id} is kept.`),
      ]);
      return AWS_EXIT.done;
    case "missing":
      return AWS_EXIT.done;
    case "failed":
      say([
        `${paint.red("✗")} These stayed:`,
        ...result.stuck.map((one) => `  ${one.logicalId} (${one.type}): ${printable(one.reason)}`),
      ]);
      return AWS_EXIT.failed;
    case "declined":
    case "interrupted":
      return explainEarlyEnd(result, "destroy", options, io);
    default:
      return result satisfies never;
  }
}
