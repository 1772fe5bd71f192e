import { command } from "../command.ts";
import { AWS_EXIT, STACK_OPTIONS, stackPlace } from "../stack/options.ts";
import { print } from "../terminal/output.ts";

const OPTIONS = {
  ...STACK_OPTIONS,
  "exit-code": {
    type: "boolean",
    describe: `Exit with ${AWS_EXIT.differs} when there are differences`,
  },
  json: { type: "boolean", describe: "Print JSON" },
} as const;

/** `wsgw diff`: compares the deployed template with the one that a deployment would send. */
export const diff = command({
  name: "diff",
  describe: "Show what a deployment would change in the stack's template",
  about: "Show what a deployment would change in the template.",
  usage: "[options]",
  options: OPTIONS,
  examples: [
    ["$0 diff", "see what wsgw deploy would change"],
    ["$0 diff --stage prod --exit-code", "in a script: 5 when something differs"],
  ],
  epilogue:
    "Exit status: 0; with --exit-code 5 when something differs; 1 a mistake; 2 a bug in wsgw.",
  read: (args) => async (io) => {
    const { diffStack, renderDiff } = await io.app();
    const { changes } = await diffStack(stackPlace(args, io));
    const output = args.json ? JSON.stringify(changes, undefined, 2) : renderDiff(changes);
    print(io.stdout, output.trimEnd());
    return changes.length > 0 && args["exit-code"] ? AWS_EXIT.differs : AWS_EXIT.done;
  },
});
