import { fieldOf, isObject, objectOf, parseJson, stringIn } from "../../../values/json.ts";
import { watchedFiles } from "./watch-patterns.ts";

/** The used settings of a `cdk.json`. */
export type AppSettings = {
  /** The command that synthesizes the app, or a directory with a finished assembly. */
  readonly app: string | undefined;
  /** The output directory of `cdk synth`, relative to `cdk.json`. */
  readonly output: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** Whether a change of a file changes what is deployed; the path is relative to `cdk.json`. */
  readonly isSource: (path: string) => boolean;
};

const OUTPUT = "cdk.out";

/** Parses `cdk.json`; undefined if it is not a JSON object. */
export function readSettings(text: string): AppSettings | undefined {
  const json = parseJson(text)?.value;
  if (!isObject(json)) return undefined;
  const output = stringIn(json, "output") ?? OUTPUT;
  return {
    app: stringIn(json, "app"),
    output,
    context: objectOf(json.context),
    isSource: watchedFiles(fieldOf(json, "watch"), [output, OUTPUT, "node_modules"]),
  };
}
