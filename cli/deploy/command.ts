import { given } from "../../src/values/given.ts";
import { command, mistake, repeatable, text } from "../command.ts";
import { EXIT_HELP, STACK_OPTIONS, stackPlace } from "../stack/options.ts";

const OPTIONS = {
  ...STACK_OPTIONS,
  bucket: {
    describe: "Bucket for the code [wsgw's own, created after a question]",
    requiresArg: true,
    coerce: text("bucket"),
  },
  parameter: {
    alias: ["P", "parameter-overrides"],
    describe: "NAME=value for a parameter of the template; repeatable",
    requiresArg: true,
    coerce: (value: unknown) => pairs("parameter", repeatable(value)),
  },
  tag: {
    describe: "NAME=value for a tag of the stack; repeatable",
    requiresArg: true,
    coerce: (value: unknown) => pairs("tag", repeatable(value)),
  },
  "code-only": {
    type: "boolean",
    describe: "Update only the functions' code, in seconds; for development",
  },
  express: {
    type: "boolean",
    describe: "CloudFormation's EXPRESS mode: do not wait until everything is ready to serve",
  },
  yes: { type: "boolean", alias: "y", describe: "Answer every question with yes" },
  "outputs-file": {
    describe: "File to write the stack's outputs to, as JSON",
    requiresArg: true,
    coerce: text("outputs-file"),
  },
  noop: {
    type: "boolean",
    alias: "n",
    describe: "Deploy nothing: write the template and the zips to a directory",
  },
  out: {
    describe: "With --noop: the directory to write to [deploy/<name> where state is kept]",
    requiresArg: true,
    coerce: text("out"),
  },
  json: { type: "boolean", describe: "Print JSON lines" },
} as const;

/** Options without effect if nothing is sent. */
const NOT_WITH_NOOP = ["code-only", "express", "outputs-file", "parameter", "tag"] as const;

/** `wsgw deploy`: deploys the project to AWS. */
export const deploy = command({
  name: "deploy",
  describe: "Deploy the API of this project to AWS",
  usage: "[options]",
  options: OPTIONS,
  check(args) {
    if (args.out !== undefined && !args.noop) throw mistake("--out works with --noop only.");
    const useless = NOT_WITH_NOOP.find((name) => args.noop && args[name] !== undefined);
    if (useless !== undefined) throw mistake(`--${useless} has no effect with --noop. Omit it.`);
  },
  examples: [
    ["$0 deploy --noop", "preview a deployment; needs no AWS account"],
    ["$0 deploy --stage prod --yes", "in a script"],
  ],
  epilogue: EXIT_HELP,
  read: (args) => async (io) => {
    const { bucket, parameter: parameters, tag: tags, express, out, color } = args;
    const codeOnly = args["code-only"];
    const json = args.json === true;
    const place = stackPlace(args, io);
    if (args.noop) {
      const { runNoop } = await import("./noop.ts");
      return runNoop({ place, out, bucket, json, color }, io);
    }
    const { runDeploy } = await import("./deploy.ts");
    return runDeploy(
      {
        deploy: { ...place, ...given({ bucket, parameters, tags, codeOnly, express }) },
        outputsFile: args["outputs-file"],
        yes: args.yes === true,
        json,
        color,
      },
      io,
    );
  },
});

type Pairs = Readonly<Record<string, string>>;

function pairs(name: string, values: readonly string[]): Pairs {
  return Object.fromEntries(
    values.map((pair) => {
      const [, key, value] = /^([^=]+)=([\s\S]*)$/.exec(pair) ?? [];
      if (key === undefined || value === undefined) {
        throw mistake(`--${name} must be NAME=value, not "${pair}".`);
      }
      return [key, value] as const;
    }),
  );
}
