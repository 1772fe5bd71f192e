/** A project of an unsupported tool. */
export type UnsupportedTool = {
  /** The file that identifies such a project. */
  readonly name: string;
  readonly tool: string;
  /** What to do. */
  readonly advice: string;
};

const BY_HAND =
  "Write a wsgw.config.ts next to it with its routes and functions. docs/definition.md describes every field.";

const UNSUPPORTED: readonly UnsupportedTool[] = [
  ...["app.arc", "arc.yaml", "arc.json"].map((name) => ({
    name,
    tool: "Architect",
    advice: "Run arc deploy --dry-run, which writes a SAM template. Pass it with -t sam.json.",
  })),
  {
    name: ".chalice",
    tool: "Chalice",
    advice:
      "Run chalice package --pkg-format cloudformation out, which writes a SAM template. Pass it with -t out/sam.json.",
  },
  { name: "sst.config.ts", tool: "SST", advice: BY_HAND },
  { name: "sst.json", tool: "SST", advice: BY_HAND },
  { name: "Pulumi.yaml", tool: "Pulumi", advice: BY_HAND },
  { name: "Pulumi.yml", tool: "Pulumi", advice: BY_HAND },
];

/** The first file of a directory that identifies a project of an unsupported tool. */
export function unsupportedTool(names: readonly string[]): UnsupportedTool | undefined {
  return UNSUPPORTED.find(({ name }) => names.includes(name));
}
