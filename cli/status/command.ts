import { command } from "../command.ts";
import { STACK_OPTIONS, stackPlace } from "../stack/options.ts";

const OPTIONS = {
  ...STACK_OPTIONS,
  json: { type: "boolean", describe: "Print JSON" },
} as const;

/** `wsgw status`: shows the state of the stack on AWS. */
export const status = command({
  name: "status",
  describe: "Show the stack of this project: state, outputs, parameters, tags, resources",
  about: "Show the stack of this project on AWS.",
  usage: "[options]",
  options: OPTIONS,
  examples: [
    ["$0 status", "state, outputs and resources"],
    ["$0 status --stage prod --json", "for a script"],
  ],
  epilogue: "Exit status: 0 the stack exists; 1 it does not, or a mistake; 2 a bug in wsgw.",
  read: (args) => async (io) => {
    const { runStatus } = await import("./status.ts");
    const { json, color } = args;
    return runStatus({ place: stackPlace(args, io), json: json === true, color }, io);
  },
});
