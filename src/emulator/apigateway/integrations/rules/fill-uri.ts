import type { Strings } from "../../rules/event-types.ts";

/** A URI with stage variables and path parameters filled in. Placeholders without a value stay. */
export function fillUri(uri: string, stageVariables: Strings = {}, path: Strings = {}): string {
  return uri
    .replace(
      /\$\{stageVariables\.(\w+)\}/g,
      (whole, name: string) => ownOf(stageVariables, name) ?? whole,
    )
    .replace(/\{([\w.$-]+)\}/g, (whole, name: string) => {
      const value = ownOf(path, name);
      return value === undefined ? whole : encodeURIComponent(value);
    });
}

function ownOf(values: Strings, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
