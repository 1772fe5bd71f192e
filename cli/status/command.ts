import { type Command, withOptions } from "../command.ts";
import { STACK_OPTIONS, stackPlace } from "../stack/options.ts";

const OPTIONS = {
  ...STACK_OPTIONS,
  json: { type: "boolean", describe: "Print JSON" },
} as const;

/** `wsgw status`: what AWS knows of the stack. */
export const status: Command = {
  name: "status",
  define: (choose) => ({
    command: "status",
    describe: "Show the stack of this project: state, outputs, parameters, tags, resources",
    builder: (parser) =>
      withOptions(parser, OPTIONS)
        .usage("Show the stack of this project on AWS.\n\nUsage: $0 status [options]")
        .example("$0 status", "state, outputs and resources")
        .example("$0 status --stage prod --json", "for a script")
        .epilogue(
          "Exit status: 0 there is a stack; 1 there is none, or a mistake; 2 a bug in wsgw.",
        ),
    handler: (args: Record<string, unknown>) => {
      choose(async (io) => {
        const { runStatus } = await import("./status.ts");
        const color = args.color as boolean | undefined;
        return runStatus({ place: stackPlace(args, io), json: args.json === true, color }, io);
      });
    },
  }),
};
