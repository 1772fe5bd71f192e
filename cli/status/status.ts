import { coloursFor } from "../terminal/colours.ts";
import { printable } from "../terminal/control-characters.ts";
import type { App, Io } from "../terminal/io.ts";
import { print, printFitted } from "../terminal/output.ts";

export type StatusOptions = {
  readonly place: Parameters<App["stackStatus"]>[0];
  readonly json: boolean;
  readonly color: boolean | undefined;
};

const EXIT = { found: 0, missing: 1 } as const;

/** Runs `wsgw status` and returns the exit code. */
export async function runStatus({ place, json, color }: StatusOptions, io: Io): Promise<number> {
  const { sortOutputs, stackStatus } = await io.app();
  const found = await stackStatus(place);
  if (json) {
    print(io.stdout, JSON.stringify(found.kind === "found" ? found.stack : null, undefined, 2));
  }
  if (found.kind === "missing") {
    const { stackName, region } = found;
    const mark = coloursFor(io.stderr, io, color).yellow("!");
    printFitted(
      io.stderr,
      `${mark} The stack ${stackName} does not exist in ${region}. Create it with wsgw deploy.`,
    );
    return EXIT.missing;
  }
  if (json) return EXIT.found;
  const paint = coloursFor(io.stdout, io, color);
  const { stack } = found;

  const isGood = /^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(stack.status);
  const colour = isGood ? paint.green : paint.yellow;
  const times = [
    `made ${new Date(stack.createdAt).toISOString()}`,
    ...(stack.updatedAt === undefined
      ? []
      : [`changed ${new Date(stack.updatedAt).toISOString()}`]),
  ];
  const section = (title: string, rows: readonly (readonly [string, string])[]) => {
    if (rows.length === 0) return [];
    const width = Math.max(...rows.map(([name]) => name.length));
    const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${printable(value)}`);
    return ["", paint.bold(title), ...lines];
  };
  const pairsOf = (pairs: readonly { readonly key: string; readonly value: string }[]) =>
    pairs.map(({ key, value }) => [key, value] as const);
  const lines = [
    `${paint.bold(stack.name)}  ${colour(stack.status)}  ${stack.region}  ${paint.dim(times.join(", "))}`,
    ...(stack.reason === undefined ? [] : [`  ${printable(stack.reason)}`]),
    paint.dim(stack.id),
    ...section("Outputs", pairsOf(sortOutputs(stack.outputs))),
    ...section("Parameters", pairsOf(stack.parameters)),
    ...section("Tags", Object.entries(stack.tags)),
    ...section(
      `Resources (${stack.resources.length})`,
      stack.resources.map((one) => [one.logicalId, `${one.status}  ${one.type}`] as const),
    ),
  ];
  printFitted(io.stdout, lines.join("\n"));
  return EXIT.found;
}
