import { CONFIG_OPTION, type Command, given, text, withOptions } from "../command.ts";

const OPTIONS = {
  ...CONFIG_OPTION,
  "public-host": {
    describe: "Host that a gateway is started with [that of the one that runs]",
    requiresArg: true,
    coerce: text("public-host"),
  },
  path: { type: "boolean", describe: "Print the path of the file only, for scripts" },
} as const;

/** `wsgw cert`: where the project's certificate authority is, and how to trust it. */
export const cert: Command = {
  name: "cert",
  define: (choose) => ({
    command: "cert",
    describe: "Show the certificate authority of this project and how to trust it",
    builder: (parser) =>
      withOptions(parser, OPTIONS)
        .usage(
          "Show the certificate authority of this project and how to trust it.\n\nUsage: $0 cert [options]",
        )
        .example("$0 cert", "what to do for curl, Python, Java and browsers")
        .example('curl --cacert "$($0 cert --path)" https://localhost:3001/', "trust it once")
        .epilogue("Nothing is installed anywhere; handlers trust the authority by themselves."),
    handler: (args: Record<string, unknown>) => {
      choose(async (io) => {
        const { findAuthority } = await io.app();
        const config = args.config as string | undefined;
        const publicHost = args["public-host"] as string | undefined;
        const authority = await findAuthority({ cwd: io.cwd, ...given({ config, publicHost }) });
        if (args.path) {
          io.stdout.write(`${authority.file}\n`);
          return 0;
        }
        const [{ trustGuide }, { coloursFor }] = await Promise.all([
          import("./trust-guide.ts"),
          import("../terminal/colours.ts"),
        ]);
        const paint = coloursFor(io.stdout, io, args.color as boolean | undefined);
        io.stdout.write(`${trustGuide(authority, paint).join("\n")}\n`);
        return 0;
      });
    },
  }),
};
