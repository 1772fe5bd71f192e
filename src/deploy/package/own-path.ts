import { readFileSync } from "node:fs";
import type { HandlerCode } from "../../bundle/bundler.ts";
import { asksForItsPlace } from "../../bundle/places.ts";
import type { LambdaFunction } from "../../definition/project.ts";

/**
 * Code that uses its own location usually reads a file next to it, and a zip contains only the configured
 * files.
 */
export function besideCode(
  fn: Pick<LambdaFunction, "include">,
  { inputs }: HandlerCode,
): readonly string[] {
  if (fn.include.length > 0) return [];
  const asking = inputs.filter(
    (file) => /\.[cm]?[jt]sx?$/.test(file) && asksForItsPlace(readFileSync(file, "utf8")),
  );
  if (asking.length === 0) return [];
  return [
    `reads the path of its code (${asking.join(", ")}). If it reads files there, add them to include. Otherwise they are missing on AWS.`,
  ];
}
