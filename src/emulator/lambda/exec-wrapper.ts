import type { FunctionSpec } from "./environment-contract.ts";
import { localFile } from "./lambda-paths.ts";
import { leadIntoOpt } from "./mount-opt.ts";
import { OPT } from "./rules/layers.ts";

/** How Lambda's bootstrap calls a wrapper script. */
const WRAP = `
[ -f "$0" ] || { echo "$0: does not exist"; exit 127; }
[ -x "$0" ] || { echo "$0: is not an executable"; exit 126; }
exec "$0" "$@"`;

/**
 * The command that starts an environment with the runtime `command`: through the script in the function's
 * `AWS_LAMBDA_EXEC_WRAPPER`, and with its layers in `/opt` if this system can mount a private `/opt` for a
 * process.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper
 */
export function launch(
  spec: Pick<FunctionSpec, "root" | "layers" | "environment">,
  command: readonly string[],
): readonly string[] {
  const layers = spec.layers ?? [];
  const lead = layers.length === 0 ? undefined : leadIntoOpt(layers, spec.root);
  const { AWS_LAMBDA_EXEC_WRAPPER: wrapper, AWS_EXECUTION_ENV } = spec.environment;
  // "Wrapper scripts are not supported on OS-only runtimes", which do not set this variable.
  if (!wrapper || AWS_EXECUTION_ENV === undefined) return [...(lead ?? []), ...command];
  const isInOpt = lead !== undefined && wrapper.startsWith(OPT);
  const script = isInOpt ? wrapper : localFile({ root: spec.root, layers }, wrapper);
  return [...(lead ?? []), "/bin/sh", "-c", WRAP, script, ...command];
}
