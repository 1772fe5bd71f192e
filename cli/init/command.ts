import type { Language } from "../../src/app.ts";
import { type Command, given, once, text, withOptions } from "../command.ts";
import { readLanguage } from "./language.ts";

const OPTIONS = {
  name: {
    describe: "Name of the project and its API [asked for; the folder's]",
    requiresArg: true,
    coerce: text("name"),
  },
  language: {
    alias: "l",
    describe: "typescript or javascript, ts or js for short [asked for; typescript]",
    requiresArg: true,
    coerce: once("language", readLanguage, "typescript or javascript"),
  },
  install: { type: "boolean", default: true, hidden: true },
  "no-install": { type: "boolean", describe: "Do not run npm install" },
  yes: { type: "boolean", alias: "y", describe: "Ask nothing; take what is suggested" },
  force: { type: "boolean", alias: "f", describe: "Overwrite files that exist" },
  // What package.json names as wsgw, for the check of a package that is not published yet.
  wsgw: { requiresArg: true, hidden: true, coerce: text("wsgw") },
} as const;

/** `wsgw init`: a new project. */
export const init: Command = {
  name: "init",
  define: (choose) => ({
    command: "init [folder]",
    describe: "Write a chat that is ready to run, test and deploy",
    builder: (parser) =>
      withOptions(
        parser.positional("folder", { describe: "Where to [this folder]", type: "string" }),
        OPTIONS,
        ["folder"],
      )
        .usage(
          "Write a chat that is ready to run, test and deploy.\n\nUsage: $0 init [folder] [options]",
        )
        .example("$0 init chat", "ask what is not said, and write it into chat/")
        .example("$0 init --language javascript --no-install", "here, without npm install"),
    handler: (args: Record<string, unknown>) => {
      choose(async (io) => {
        const { runInit } = await import("./run.ts");
        return runInit(
          {
            ...given({
              folder: args.folder as string | undefined,
              name: args.name as string | undefined,
              language: args.language as Language | undefined,
              wsgw: args.wsgw as string | undefined,
            }),
            overwrite: args.force === true,
            yes: args.yes === true,
            install: args.install === true,
            color: args.color as boolean | undefined,
          },
          io,
        );
      });
    },
  }),
};
