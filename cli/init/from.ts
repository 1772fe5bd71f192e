import { relative } from "node:path";
import { coloursFor } from "../terminal/colours.ts";
import type { Io } from "../terminal/io.ts";
import { printFitted } from "../terminal/output.ts";

export type InitFromOptions = {
  readonly from: string;
  readonly overwrite: boolean;
  readonly color: boolean | undefined;
};

/** Runs `wsgw init --from FILE` and returns the exit code. */
export async function runInitFrom(
  { from, overwrite, color }: InitFromOptions,
  io: Io,
): Promise<number> {
  const { writeConfig } = await io.app();
  const paint = coloursFor(io.stdout, io, color);
  const { file, directories, leftOut } = await writeConfig({ cwd: io.cwd, from, overwrite });
  const lines = [
    `${paint.green("✓")} Wrote ${relative(io.cwd, file)}, from ${from}.`,
    ...directories.map((directory) => `    ${directory}  the inline or zipped code of a function`),
    ...(leftOut.length === 0 ? [] : ["Omitted, as its comment says:"]),
    ...leftOut.map((line) => `    ${line}`),
    `${from} is unchanged. All commands now use ${relative(io.cwd, file)}. Delete it to go back.`,
  ];
  for (const line of lines) printFitted(io.stdout, line);
  return 0;
}
