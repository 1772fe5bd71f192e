import { type CheckUpOptions, checkUp, type Finding } from "../../src/app.ts";
import { coloursFor } from "../terminal/colours.ts";
import { printable } from "../terminal/control-characters.ts";
import type { Io } from "../terminal/io.ts";
import { print, printFitted } from "../terminal/output.ts";

export type DoctorOptions = {
  readonly checkUp: CheckUpOptions;
  readonly json: boolean;
  readonly color: boolean | undefined;
};

const EXIT = { sound: 0, blocked: 1 } as const;

/** Prints a line for each check, and what to do. Returns the exit code. */
export async function runDoctor(
  { checkUp: options, json, color }: DoctorOptions,
  io: Io,
): Promise<number> {
  const result = await checkUp(options);
  const exitCode = result.blocked ? EXIT.blocked : EXIT.sound;
  if (json) {
    print(io.stdout, JSON.stringify(result, undefined, 2));
    return exitCode;
  }
  const paint = coloursFor(io.stdout, io, color);
  const marks: Record<Finding["verdict"], string> = {
    good: paint.green("✓"),
    warning: paint.yellow("!"),
    blocked: paint.red("✗"),
  };
  for (const { verdict, said, advice } of result.findings) {
    const [first = "", ...rest] = said.split("\n").map(printable);
    const more = [
      ...rest,
      ...(advice === undefined ? [] : advice.split("\n").map((line) => paint.dim(line))),
    ];
    const lines = [`${marks[verdict]} ${first}`, ...more.map((line) => `  ${line}`)];
    printFitted(io.stdout, lines.join("\n"));
  }
  return exitCode;
}
