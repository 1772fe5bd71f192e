import { type Command, given, text, withOptions } from "../command.ts";
import { EXIT_HELP, STACK_OPTIONS, stackPlace } from "../stack/options.ts";

const OPTIONS = {
  ...STACK_OPTIONS,
  bucket: {
    describe: "Bucket with the code, if the stack is gone already and does not tell",
    requiresArg: true,
    coerce: text("bucket"),
  },
  "retain-table": { type: "boolean", describe: "Keep the tables with all that is in them" },
  express: { type: "boolean", describe: "CloudFormation's EXPRESS mode" },
  yes: { type: "boolean", alias: "y", describe: "Do not ask" },
  json: { type: "boolean", describe: "Print JSON lines" },
} as const;

/** `wsgw destroy`: the API off AWS again. */
export const destroy: Command = {
  name: "destroy",
  define: (choose) => ({
    command: "destroy",
    describe: "Take the API of this project off AWS",
    builder: (parser) =>
      withOptions(parser, OPTIONS)
        .usage("Take the API of this project off AWS.\n\nUsage: $0 destroy [options]")
        .example("$0 destroy", "list what goes, and ask")
        .example("$0 destroy --stage prod --yes --retain-table", "in a script; the items stay")
        .epilogue(EXIT_HELP),
    handler: (args: Record<string, unknown>) => {
      choose(async (io) => {
        const { runDestroy } = await import("./destroy.ts");
        return runDestroy(
          {
            destroy: {
              ...stackPlace(args, io),
              ...given({
                bucket: args.bucket as string | undefined,
                retainTable: args["retain-table"] as boolean | undefined,
                express: args.express as boolean | undefined,
              }),
            },
            yes: args.yes === true,
            json: args.json === true,
            color: args.color as boolean | undefined,
          },
          io,
        );
      });
    },
  }),
};
