import { CONFIG_OPTION, type Command, given, once, wholeNumber, withOptions } from "../command.ts";

const OPTIONS = {
  ...CONFIG_OPTION,
  port: {
    alias: "p",
    describe: "Port that wsgw dev is to listen on [3001]",
    requiresArg: true,
    coerce: once("port", wholeNumber(0, 65_535), "a number from 0 to 65535"),
  },
  json: { type: "boolean", describe: "Print JSON" },
} as const;

/** `wsgw doctor`: what is wrong on this machine. */
export const doctor: Command = {
  name: "doctor",
  define: (choose) => ({
    command: "doctor",
    describe: "Look for what keeps the API of this project from running",
    builder: (parser) =>
      withOptions(parser, OPTIONS)
        .usage(
          "Look for what keeps the API of this project from running here.\n\nUsage: $0 doctor [options]",
        )
        .example("$0 doctor --port 0", "when any port will do")
        .example("$0 doctor", "Node, definition, port, certificates, credentials, disk")
        .epilogue(
          "Changes nothing, and calls nobody.\n" +
            "Exit status: 0 nothing blocks; 1 something does, or a mistake; 2 a bug in wsgw.",
        ),
    handler: (args: Record<string, unknown>) => {
      choose(async (io) => {
        const { runDoctor } = await import("./doctor.ts");
        return runDoctor(
          {
            checkUp: {
              cwd: io.cwd,
              env: io.env,
              ...given({
                config: args.config as string | undefined,
                port: args.port as number | undefined,
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
