/** The marks of the log with their meanings. */
const MARKS = [
  ["#1 #2", "clients by number, as they connect"],
  ["> <", "a message from a client, a message to a client"],
  ["→", "the route of a message, and why"],
  ["│", "what a function prints, in yellow what it prints to stderr"],
  ["✓ ✗", "a function ended, a function or a call failed"],
  ["!", "a client got an error, or a warning of wsgw"],
  ["↻", "a changed file is live"],
] as const;

const MARK_WIDTH = 7;

/** The lines that explain the log of `wsgw dev`. */
export function legend(): readonly string[] {
  return [
    "The log:",
    ...MARKS.map(([mark, meaning]) => `  ${mark.padEnd(MARK_WIDTH)}${meaning}`),
    "  --verbose adds events, results and connection ids.",
  ];
}
