import { type Args, CONFIG_OPTION, given, once, text } from "../command.ts";
import type { App, Io } from "../terminal/io.ts";

/** Options that say which stack is meant, for every command about one. */
export const STACK_OPTIONS = {
  ...CONFIG_OPTION,
  "stack-name": {
    describe: "Name of the stack [the project's name; with --stage also the stage's]",
    requiresArg: true,
    coerce: once(
      "stack-name",
      (name) => (/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(name) ? name : undefined),
      "letters, digits and hyphens, a letter first, 128 at most",
    ),
  },
  stage: {
    describe: "Name of the stage, in place of the definition's; not where an API has several",
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
    describe: "One URL that answers for all of AWS, such as a moto server; gets made-up keys",
    requiresArg: true,
    coerce: once(
      "endpoint-url",
      (url) =>
        /^https?:\/\//.test(url) && URL.canParse(url) ? url.replace(/\/+$/, "") : undefined,
      "a URL with http:// or https://",
    ),
  },
} as const;

/** Reads the options above, or those of them that a command has. */
export function stackPlace(
  args: Partial<Args<typeof STACK_OPTIONS, never>>,
  io: Io,
): Parameters<App["stackStatus"]>[0] {
  const { config, stage, region, profile } = args;
  const [stackName, endpointUrl] = [args["stack-name"], args["endpoint-url"]];
  return {
    cwd: io.cwd,
    env: io.env,
    ...given({ config, stackName, stage, region, profile, endpointUrl }),
  };
}

/** Exit codes of commands that change a stack, beside 0, 1 for mistakes and 2 for bugs of wsgw. */
export const AWS_EXIT = { done: 0, failed: 3, declined: 4, differs: 5, interrupted: 130 } as const;

export const EXIT_HELP =
  "Exit status: 0 done; 1 a mistake, nothing was changed; 2 a bug in wsgw; 3 AWS could not do it;\n" +
  "4 a question was not answered with yes; 130 Ctrl-C, what had begun at AWS goes on there.";
