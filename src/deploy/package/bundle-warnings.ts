import { readFileSync } from "node:fs";
import type { HandlerCode } from "../../bundle/bundler.ts";
import { isExternal } from "../../bundle/own-resolution.ts";
import { asksForItsPlace } from "../../bundle/places.ts";
import type { LambdaFunction } from "../../definition/project.ts";

/** Clients of the AWS SDK, and their dependencies. */
const BROUGHT_BY_LAMBDA = /^@(?:aws-sdk|smithy)\//;

/** Packages of a bundle that Lambda's runtime includes. */
export function broughtByLambda({ absent }: HandlerCode): readonly string[] {
  return absent.filter((name) => BROUGHT_BY_LAMBDA.test(name));
}

/** Packages whose version on AWS is not the one that was tested. */
export function fromLambda(
  { build }: Pick<LambdaFunction, "build">,
  code: HandlerCode,
): readonly string[] {
  const meant = build?.external ?? [];
  const names = broughtByLambda(code).filter((name) => !isExternal(meant, name));
  if (names.length === 0) return [];
  return [
    `imports ${names.join(", ")}, which is not installed here. On AWS it gets the version that Lambda has. Install it to deploy the version that you test.`,
  ];
}

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
