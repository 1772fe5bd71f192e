import { type Command, given, mistake, once, withOptions } from "../command.ts";

const text = (name: string) => once(name, (value) => (value === "" ? undefined : value), "given");

const OPTIONS = {
  config: {
    alias: "c",
    describe: "File with the API definition [wsgw.config.ts, .js, .mjs or .json]",
    requiresArg: true,
    coerce: text("config"),
  },
  noop: {
    type: "boolean",
    alias: "n",
    describe: "Send nothing: write the template and the zips to a folder",
  },
  out: {
    describe: "With --noop: the folder to write to [.wsgw/deploy/<name>]",
    requiresArg: true,
    coerce: text("out"),
  },
  json: { type: "boolean", describe: "Print JSON" },
} as const;

/** `wsgw deploy`: the API on AWS. */
export const deploy: Command = {
  name: "deploy",
  define: (choose) => ({
    command: "deploy",
    describe: "Put the API of this project on AWS",
    builder: (parser) =>
      withOptions(parser, OPTIONS)
        .usage("Put the API of this project on AWS.\n\nUsage: $0 deploy [options]")
        .check(({ noop, out }) => {
          if (out !== undefined && !noop) throw mistake("--out goes with --noop.");
          if (!noop) throw mistake("Only wsgw deploy --noop works so far.");
          return true;
        })
        .example("$0 deploy --noop", "look at what would be sent; needs no AWS account"),
    handler: (args: Record<string, unknown>) => {
      choose(async (io) => {
        const { runNoop } = await import("../noop.ts");
        return runNoop(
          {
            write: {
              cwd: io.cwd,
              ...given({
                config: args.config as string | undefined,
                out: args.out as string | undefined,
              }),
            },
            json: args.json === true,
            color: args.color as boolean | undefined,
          },
          io,
        );
      });
    },
  }),
};
