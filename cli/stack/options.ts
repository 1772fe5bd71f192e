import { given } from "../../src/values/given.ts";
import { type Args, FILE_OPTIONS, once, stackName, text } from "../command.ts";
import type { App, Io } from "../terminal/io.ts";

/** Options for the stack, for every command about one. */
export const STACK_OPTIONS = {
  ...FILE_OPTIONS,
  "stack-name": {
    describe: "Name of the stack [the project's name; with --stage also the stage's]",
    requiresArg: true,
    coerce: stackName,
  },
  stage: {
    describe: "Name of the stage, instead of the definition's; not for an API with several stages",
    requiresArg: true,
    coerce: once(
      "stage",
      (name) => (/^[A-Za-z0-9_-]{1,128}$/.test(name) ? name : undefined),
      "letters, digits, _ and -, 128 at most",
    ),
  },
  region: {
    describe: "Region of AWS [the definition's, AWS_REGION, AWS_DEFAULT_REGION, the profile's]",
    requiresArg: true,
    coerce: text("region"),
  },
  profile: {
    describe: "Profile of the shared AWS config files [AWS_PROFILE]",
    requiresArg: true,
    coerce: text("profile"),
  },
  "endpoint-url": {
    describe: "One URL for all AWS services, such as a moto server; it gets placeholder keys",
    requiresArg: true,
    coerce: once(
      "endpoint-url",
      (url) =>
        /^https?:\/\//.test(url) && URL.canParse(url) ? url.replace(/\/+$/, "") : undefined,
      "a URL with http:// or https://",
    ),
  },
} as const;

/** Converts the options above, or those of them that a command has. */
export function stackPlace(
  args: Partial<Args<typeof STACK_OPTIONS, never>>,
  io: Io,
): Parameters<App["stackStatus"]>[0] {
  const { config, template, stage, region, profile } = args;
  return {
    cwd: io.cwd,
    env: io.env,
    ...given({
      config,
      template,
      configEnv: args["config-env"],
      stackName: args["stack-name"],
      stage,
      region,
      profile,
      endpointUrl: args["endpoint-url"],
    }),
  };
}

/** Exit codes of commands that change a stack, in addition to 0, 1 for errors and 2 for bugs of wsgw. */
export const AWS_EXIT = { done: 0, failed: 3, declined: 4, differs: 5, interrupted: 130 } as const;

export const EXIT_HELP =
  "Exit status: 0 done; 1 a mistake, nothing was changed; 2 a bug in wsgw; 3 AWS could not do it;\n" +
  "4 a question was not answered with yes; 130 Ctrl-C, and work already started on AWS continues there.";

/** The options that decide how a run asks and prints. */
export type AwsRunOptions = {
  readonly yes: boolean;
  readonly json: boolean;
  readonly color: boolean | undefined;
};
