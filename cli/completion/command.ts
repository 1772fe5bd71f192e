import { command, oneOf } from "../command.ts";

const SHELLS = ["bash", "fish", "zsh"] as const;

/** `wsgw completion`: the script for shell completion. */
export const completion = command({
  name: "completion",
  describe: "Print a script that completes wsgw in bash, fish or zsh",
  about: "Print a script for completion of commands, options and names.",
  usage: "[shell]",
  words: "[shell]",
  positionals: { shell: "bash, fish or zsh [that of SHELL]" },
  options: {},
  examples: [
    ['eval "$($0 completion bash)"', "a line for ~/.bashrc"],
    ["$0 completion fish > wsgw.fish", "a file for ~/.config/fish/completions"],
    ["$0 completion zsh > _wsgw", "a file for a directory in zsh's fpath"],
  ],
  epilogue:
    "invoke and logs complete the functions of the definition, and table its tables, without a running gateway.",
  read({ shell: typed }) {
    const shell =
      typed === undefined ? undefined : oneOf(SHELLS, typed, `completion for "${typed}"`);
    return async (io) => {
      const { completionScript } = await import("./completion-script.ts");
      const own = SHELLS.find((each) => io.env.SHELL?.endsWith(each) === true) ?? "bash";
      io.stdout.write(completionScript(shell ?? own));
      return 0;
    };
  },
  complete: (given) => (given.length === 0 ? SHELLS : []),
});
