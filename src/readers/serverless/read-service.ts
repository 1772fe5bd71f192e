import type { WrittenOut } from "../cloudformation/read-template.ts";
import type { JsonObject } from "../cloudformation/rules/origins.ts";
import type { LoadLimits } from "../config/evaluate-apart.ts";
import { mapOf } from "./rules/written.ts";

export type ServiceOptions = {
  /** `serverless.yml` or the like; absolute. */
  readonly file: string;
  /** Values of options, parameters and variables of AWS, by name. */
  readonly given: Readonly<Record<string, string>>;
  /** In place of that of the service. */
  readonly region: string | undefined;
  readonly accountId: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stateDir: string;
  readonly limits: LoadLimits | undefined;
  /** Whether it is read again because a file has changed. */
  readonly isFollowing: boolean;
  /** Takes a sentence about what takes long. */
  readonly report: ((text: string) => void) | undefined;
};

/** A service, read: what it is called, and the template that it stands for. */
export type ReadService = {
  readonly stackName: string;
  readonly region: string;
  /** The values that are left for the parameters of its template. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly written: WrittenOut;
  /** For a person: how it was read, where not by wsgw alone. */
  readonly remarks: readonly string[];
};

/** Options of the service are no parameters of its template, unless it has one of the same name. */
export function parametersOf(
  template: JsonObject,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const own = mapOf(template.Parameters);
  const isFor = ([name]: readonly [string, string]) => /\W/.test(name) || Object.hasOwn(own, name);
  return Object.fromEntries(Object.entries(given).filter(isFor));
}
