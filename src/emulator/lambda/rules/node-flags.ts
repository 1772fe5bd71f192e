/**
 * MB of long-lived values before V8 first collects them. With a small heap V8 would start at a few MB and
 * repeat every few more, which takes a fifth of the time of code with many pending calls.
 */
const MOST_UNCOLLECTED = 64;

/** Maximum MB for new values in a large heap; a frozen process would keep more than that allocated. */
const LARGEST_SEMI_SPACE = 16;

/**
 * MB for new values from the start. V8 would start with one, and return to it in each pause, so that it
 * collects after every few events: 4 % of the time of an event that calls an SDK. With more than two, the first
 * event touches so much memory that it takes a third longer.
 */
const FIRST_SEMI_SPACE = 2;

/**
 * Node's flags on Lambda for a function with this memory in MB: nine tenths for old values, a twentieth for
 * new ones, `gc()`, and large headers. The sizes at the start are wsgw's own. The function's own
 * `NODE_OPTIONS` take precedence, although Node would prefer the command line.
 * @see https://github.com/lambci/node-custom-lambda/blob/master/v10.x/bootstrap, taken from Lambda's own
 */
export function nodeFlags(memoryMb: number, nodeOptions = ""): readonly string[] {
  const tenth = Math.floor(memoryMb / 10);
  const heapMb = memoryMb - tenth;
  const semiSpaceMb = Math.min(Math.floor(tenth / 2), LARGEST_SEMI_SPACE);
  const own = new Set(nodeOptions.split(/\s+/).map(nameOf));
  const flags = [
    "--expose-gc",
    "--max-http-header-size=81920",
    `--max-semi-space-size=${semiSpaceMb}`,
    `--min-semi-space-size=${Math.min(semiSpaceMb, FIRST_SEMI_SPACE)}`,
    `--max-old-space-size=${heapMb}`,
    `--initial-old-space-size=${Math.min(Math.floor(heapMb / 2), MOST_UNCOLLECTED)}`,
  ];
  return flags.filter((flag) => !own.has(nameOf(flag)));
}

/** V8 treats `_` as `-`. */
function nameOf(flag: string): string {
  return flag.split("=")[0]?.replaceAll("_", "-") ?? "";
}

/** The V8 flags among them with their default values. What they have already changed stays. */
export const FLAGS_OF_V8_UNSET: readonly string[] = [
  "--no-expose-gc",
  "--max-semi-space-size=0",
  "--min-semi-space-size=0",
  "--max-old-space-size=0",
  "--initial-old-space-size=0",
];
