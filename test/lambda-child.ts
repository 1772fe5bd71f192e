import { buildLambdaChild as build } from "../scripts/build-child.mjs";

let built: Promise<void> | undefined;

/**
 * Builds the program of child processes, which tests run from dist/ as the product does, once for all files of
 * a process of tests.
 */
export function buildLambdaChild(): Promise<void> {
  built ??= build();
  return built;
}
