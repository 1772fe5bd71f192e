import { given } from "../../src/values/given.ts";
import { command, mistake, once, text } from "../command.ts";
import { readLanguage } from "./language.ts";

const OPTIONS = {
  name: {
    describe: "Name of the project and its API [asked for; the directory's]",
    requiresArg: true,
    coerce: text("name"),
  },
  language: {
    alias: "l",
    describe: "typescript or javascript, ts or js for short [asked for; typescript]",
    requiresArg: true,
    coerce: once("language", readLanguage, "typescript or javascript"),
  },
  from: {
    describe: "Write only wsgw.config.ts, from a template or another file that wsgw reads",
    requiresArg: true,
    coerce: text("from"),
  },
  "config-only": {
    type: "boolean",
    describe: "Write only the config file, for functions that you have",
  },
  install: { type: "boolean", default: true, hidden: true },
  "no-install": { type: "boolean", describe: "Do not run npm install" },
  yes: { type: "boolean", alias: "y", describe: "Ask nothing; use the defaults" },
  force: { type: "boolean", alias: "f", describe: "Overwrite files that exist" },
} as const;

/** `wsgw init`: creates a project. */
export const init = command({
  name: "init",
  describe: "Write a chat that is ready to run, test and deploy",
  usage: "[directory] [options]",
  words: "[directory]",
  positionals: { directory: "Directory of the project [the current one]" },
  options: OPTIONS,
  check({ from, directory, name, language, "config-only": configOnly }) {
    if (from === undefined) return;
    const useless = Object.entries({
      DIRECTORY: directory,
      "--name": name,
      "--language": language,
      "--config-only": configOnly,
    });
    const given = useless.find(([, value]) => value !== undefined)?.[0];
    if (given !== undefined) throw mistake(`${given} has no effect with --from. Omit it.`);
  },
  examples: [
    ["$0 init chat", "ask for name and language, and write to chat/"],
    ["$0 init --config-only", "a wsgw.config.ts for functions that you have"],
    ["$0 init --language javascript --no-install", "here, without npm install"],
    ["$0 init --from template.yaml", "a wsgw.config.ts, converted from the template"],
  ],
  read:
    ({ directory, name, language, force, yes, install, color, from, ...args }) =>
    async (io) => {
      if (from !== undefined) {
        const { runInitFrom } = await import("./from.ts");
        return runInitFrom({ from, overwrite: force === true, color }, io);
      }
      const { runInit } = await import("./run.ts");
      return runInit(
        {
          ...given({ directory, name, language }),
          overwrite: force === true,
          configOnly: args["config-only"] === true,
          yes: yes === true,
          install,
          color,
        },
        io,
      );
    },
});
