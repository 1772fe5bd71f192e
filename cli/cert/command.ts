import { given } from "../../src/values/given.ts";
import { command, PROJECT_OPTIONS, projectSource, text } from "../command.ts";
import { print } from "../terminal/output.ts";

const OPTIONS = {
  ...PROJECT_OPTIONS,
  "public-host": {
    describe: "Host that a gateway will use [that of the running one]",
    requiresArg: true,
    coerce: text("public-host"),
  },
  path: { type: "boolean", describe: "Print only the path of the file, for scripts" },
} as const;

/** `wsgw cert`: the location of the project's certificate authority, and how to trust it. */
export const cert = command({
  name: "cert",
  describe: "Show the certificate authority of this project and how to trust it",
  usage: "[options]",
  options: OPTIONS,
  examples: [
    ["$0 cert", "what to do for curl, Python, Java and browsers"],
    ['curl --cacert "$($0 cert --path)" https://localhost:3001/', "trust it once"],
  ],
  epilogue: "This installs nothing. Handlers trust the authority automatically.",
  read:
    ({ path, ...args }) =>
    async (io) => {
      const { findAuthority } = await io.app();
      const publicHost = args["public-host"];
      const authority = await findAuthority({
        ...projectSource(args, io),
        ...given({ publicHost }),
      });
      if (path) {
        print(io.stdout, authority.file);
        return 0;
      }
      const [{ trustGuide }, { coloursFor }] = await Promise.all([
        import("./trust-guide.ts"),
        import("../terminal/colours.ts"),
      ]);
      print(io.stdout, trustGuide(authority, coloursFor(io.stdout, io, args.color)).join("\n"));
      return 0;
    },
});
