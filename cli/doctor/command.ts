import { given } from "../../src/values/given.ts";
import { command, PROJECT_OPTIONS, port, projectSource } from "../command.ts";

const OPTIONS = {
  ...PROJECT_OPTIONS,
  port: {
    alias: "p",
    describe: "Port that wsgw dev will use [3001]",
    requiresArg: true,
    coerce: port,
  },
  json: { type: "boolean", describe: "Print JSON" },
} as const;

/** `wsgw doctor`: finds problems on this machine. */
export const doctor = command({
  name: "doctor",
  describe: "Find out why the API of this project does not run",
  about: "Find out why the API of this project does not run.",
  usage: "[options]",
  options: OPTIONS,
  examples: [
    ["$0 doctor --port 0", "when any port is fine"],
    ["$0 doctor", "Node, definition, port, certificates, credentials, disk"],
  ],
  epilogue:
    "Changes nothing, and makes no network calls.\n" +
    "Exit status: 0 no problem found; 1 a problem, or a mistake; 2 a bug in wsgw.",
  read:
    ({ port, json, ...args }) =>
    async (io) => {
      const { runDoctor } = await import("./doctor.ts");
      const checkUp = { ...projectSource(args, io), env: io.env, ...given({ port }) };
      return runDoctor({ checkUp, json: json === true, color: args.color }, io);
    },
});
