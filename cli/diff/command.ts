import { type Command, withOptions } from "../command.ts";
import { AWS_EXIT, STACK_OPTIONS, stackPlace } from "../stack/options.ts";

const OPTIONS = {
  ...STACK_OPTIONS,
  "exit-code": {
    type: "boolean",
    describe: `Exit with ${AWS_EXIT.differs} when there are differences`,
  },
  json: { type: "boolean", describe: "Print JSON" },
} as const;

/** `wsgw diff`: the deployed template against the one that a deployment would send. */
export const diff: Command = {
  name: "diff",
  define: (choose) => ({
    command: "diff",
    describe: "Show what a deployment would change in the stack's template",
    builder: (parser) =>
      withOptions(parser, OPTIONS)
        .usage("Show what a deployment would change in the template.\n\nUsage: $0 diff [options]")
        .example("$0 diff", "see what wsgw deploy would change")
        .example("$0 diff --stage prod --exit-code", "in a script: 5 when something differs")
        .epilogue(
          "Exit status: 0; with --exit-code 5 when something differs; 1 a mistake; 2 a bug in wsgw.",
        ),
    handler: (args: Record<string, unknown>) => {
      choose(async (io) => {
        const { diffStack, renderDiff } = await io.app();
        const { changes } = await diffStack(stackPlace(args, io));
        const output = args.json ? JSON.stringify(changes, undefined, 2) : renderDiff(changes);
        io.stdout.write(`${output.trimEnd()}\n`);
        return changes.length > 0 && args["exit-code"] ? AWS_EXIT.differs : AWS_EXIT.done;
      });
    },
  }),
};
