import { command, once, text } from "../command.ts";

const OPTIONS = {
  message: {
    alias: "m",
    describe: "Message, or the backend's response for a response template [{}]",
    requiresArg: true,
    coerce: once("message", (value) => value),
  },
  connect: { type: "boolean", describe: "Render it as for $connect, with headers" },
  context: {
    describe: "$context as JSON, or a file with it; added to that of a message",
    requiresArg: true,
    coerce: text("context"),
  },
  "stage-variables": {
    describe: "$stageVariables as JSON, or a file with it",
    requiresArg: true,
    coerce: text("stage-variables"),
  },
  params: {
    describe: "path, querystring and header of $input.params() as JSON, or a file with it",
    requiresArg: true,
    coerce: text("params"),
  },
} as const;

/** `wsgw template`: renders a mapping template for a message. */
export const template = command({
  name: "template",
  missing: "Which file? Write wsgw template FILE.",
  describe: "Render a mapping template as API Gateway does",
  usage: "FILE [options]",
  words: "<file>",
  positionals: { file: "File with the template" },
  options: OPTIONS,
  examples: [
    [`$0 template put.vtl --message '{"room":"blue"}'`, "what the backend gets"],
    [
      `$0 template put.vtl --context '{"authorizer":{"principalId":"ann"}}'`,
      "with an authorizer's context",
    ],
    [
      `$0 template join.vtl --connect --params '{"querystring":{"room":"blue"}}'`,
      "what it answers to a handshake",
    ],
  ],
  epilogue: "Exit status: 0 it was rendered; 1 the template fails, or another mistake.",
  read(args) {
    return async (io) => {
      const { runTemplate } = await import("./run.ts");
      return runTemplate(
        {
          file: String(args.file),
          kind: args.connect === true ? "connect" : "message",
          body: args.message ?? "{}",
          context: args.context,
          stageVariables: args["stage-variables"],
          params: args.params,
        },
        io,
      );
    };
  },
});
