import type { WrittenOut } from "../cloudformation/read-template.ts";
import type { JsonObject, Origins } from "../cloudformation/rules/origins.ts";
import type { Finding } from "../cloudformation/rules/report.ts";
import { objectOf } from "../cloudformation/rules/tree.ts";
import type { LoadLimits } from "../config/separate-process.ts";

export type ServiceOptions = {
  /** Absolute path of `serverless.yml` or a similar file. */
  readonly file: string;
  /** Values of options, parameters and AWS variables, by name. */
  readonly given: Readonly<Record<string, string>>;
  /** Overrides the region of the service. */
  readonly region: string | undefined;
  readonly accountId: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stateDir: string;
  readonly limits: LoadLimits | undefined;
  /** Whether a changed file caused another read. */
  readonly isFollowing: boolean;
  /** Receives a sentence about slow steps. */
  readonly report: ((text: string) => void) | undefined;
};

/** A service that has been read: its stack name and equivalent template. */
export type ReadService = {
  readonly stackName: string;
  readonly region: string;
  /** The values that remain for the parameters of its template. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly written: WrittenOut;
  /** Messages about how it was read, unless wsgw did it alone. */
  readonly remarks: readonly string[];
};

/** A service's template, with what was found when it was read; `template` is called after that is reported. */
export function writtenAs(
  origins: Origins,
  inputs: Iterable<string>,
  findings: readonly Finding[],
  template: () => JsonObject | undefined,
): WrittenOut {
  return {
    kind: "serverless",
    origins,
    template: async (tools) => {
      for (const input of inputs) tools.inputs.add(input);
      for (const finding of findings) tools.report(finding);
      return template();
    },
  };
}

/** The service's options are not parameters of its template, unless it has one with the same name. */
export function parametersOf(
  template: JsonObject,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const own = objectOf(template.Parameters);
  const isFor = ([name]: readonly [string, string]) => /\W/.test(name) || Object.hasOwn(own, name);
  return Object.fromEntries(Object.entries(given).filter(isFor));
}
