import { given } from "../../src/values/given.ts";
import { command, text } from "../command.ts";
import { EXIT_HELP, STACK_OPTIONS, stackPlace } from "../stack/options.ts";

const OPTIONS = {
  ...STACK_OPTIONS,
  bucket: {
    describe: "Bucket with the code, if the stack no longer exists",
    requiresArg: true,
    coerce: text("bucket"),
  },
  "retain-table": { type: "boolean", describe: "Keep the tables and their items" },
  express: { type: "boolean", describe: "CloudFormation's EXPRESS mode" },
  yes: { type: "boolean", alias: "y", describe: "Do not ask" },
  json: { type: "boolean", describe: "Print JSON lines" },
} as const;

/** `wsgw destroy`: deletes the stack from AWS. */
export const destroy = command({
  name: "destroy",
  describe: "Delete the stack of this project on AWS",
  usage: "[options]",
  options: OPTIONS,
  examples: [
    ["$0 destroy", "list what will be deleted, and ask"],
    ["$0 destroy --stage prod --yes --retain-table", "in a script; the items stay"],
  ],
  epilogue: EXIT_HELP,
  read: (args) => async (io) => {
    const { runDestroy } = await import("./destroy.ts");
    const { bucket, express, yes, json, color } = args;
    const retainTable = args["retain-table"];
    const destroy = { ...stackPlace(args, io), ...given({ bucket, retainTable, express }) };
    return runDestroy({ destroy, yes: yes === true, json: json === true, color }, io);
  },
});
