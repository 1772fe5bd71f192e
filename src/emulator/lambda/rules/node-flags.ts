/**
 * MB of long-lived values before V8 looks through all of them for garbage. With a small heap V8 would begin
 * at a few and again at every few more, which takes a fifth of the time of code that has many calls under way.
 */
const MOST_UNCOLLECTED = 64;

/** MB that V8 takes for new values in a large heap; more of it would stay taken in a process that is frozen. */
const LARGEST_SEMI_SPACE = 16;

/**
 * The flags that Lambda starts Node with for a function of that many MB: nine tenths of the memory for values
 * that live, a twentieth for new ones, `gc()`, and room for large headers. Where V8 begins to look for garbage
 * is ours. What the function's own `NODE_OPTIONS` says counts instead: Node would take the command line's word.
 * @see https://github.com/lambci/node-custom-lambda/blob/master/v10.x/bootstrap, taken from Lambda's own
 */
export function nodeFlags(memoryMb: number, nodeOptions = ""): readonly string[] {
  const tenth = Math.floor(memoryMb / 10);
  const heapMb = memoryMb - tenth;
  const own = new Set(nodeOptions.split(/\s+/).map(nameOf));
  const flags = [
    "--expose-gc",
    "--max-http-header-size=81920",
    `--max-semi-space-size=${Math.min(Math.floor(tenth / 2), LARGEST_SEMI_SPACE)}`,
    `--max-old-space-size=${heapMb}`,
    `--initial-old-space-size=${Math.min(Math.floor(heapMb / 2), MOST_UNCOLLECTED)}`,
  ];
  return flags.filter((flag) => !own.has(nameOf(flag)));
}

/** V8 takes `_` for `-`. */
function nameOf(flag: string): string {
  return flag.split("=", 1)[0]?.replaceAll("_", "-") ?? "";
}

/** V8's flags among them, as they are without: what they have done by then stays. */
export const FLAGS_OF_V8_UNSET: readonly string[] = [
  "--no-expose-gc",
  "--max-semi-space-size=0",
  "--max-old-space-size=0",
  "--initial-old-space-size=0",
];
