import { isExternal } from "../../bundle/alias-and-external.ts";
import type { HandlerCode } from "../../bundle/bundler.ts";
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
