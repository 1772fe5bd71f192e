import { type Command, oneOf, withOptions } from "../command.ts";

const SHELLS = ["bash", "fish", "zsh"] as const;

/** `wsgw completion`: what makes a shell complete the rest of a command line. */
export const completion: Command = {
  name: "completion",
  define: (choose) => ({
    command: "completion [shell]",
    describe: "Print a script that completes wsgw in bash, fish or zsh",
    builder: (parser) =>
      withOptions(
        parser.positional("shell", { describe: "bash, fish or zsh [that of SHELL]" }),
        {},
        ["shell"],
      )
        .usage(
          "Print a script that makes a shell complete commands, options and names.\n\nUsage: $0 completion [shell]",
        )
        .example('eval "$($0 completion bash)"', "a line for ~/.bashrc")
        .example("$0 completion fish > wsgw.fish", "a file for ~/.config/fish/completions")
        .example("$0 completion zsh > _wsgw", "a file for a folder in zsh's fpath")
        .epilogue(
          "invoke and logs complete the functions of the definition, table the tables, while nothing runs.",
        ),
    handler: (args: Record<string, unknown>) => {
      const typed = args.shell as string | undefined;
      const shell =
        typed === undefined ? undefined : oneOf(SHELLS, typed, `completion for "${typed}"`);
      choose(async (io) => {
        const { completionScript } = await import("./completion-script.ts");
        const own = SHELLS.find((each) => io.env.SHELL?.endsWith(each) === true) ?? "bash";
        io.stdout.write(completionScript(shell ?? own));
        return 0;
      });
    },
  }),
  complete: (given) => (given.length === 0 ? SHELLS : []),
};
