import { WsgwError } from "../../errors.ts";

/** Throws USAGE for `--stage` with a template. */
export function rejectStage(stage: string | undefined): void {
  if (stage === undefined) return;
  throw new WsgwError(
    "USAGE",
    "--stage works with a config file only. A template contains its stages: give them a parameter, and use --parameter.",
  );
}

/** Throws USAGE for `--code-only` with a template. */
export function rejectCodeOnly(codeOnly: boolean | undefined): void {
  if (codeOnly !== true) return;
  throw new WsgwError(
    "USAGE",
    "--code-only works with a config file only. Deploy the template without it; CloudFormation keeps what has not changed.",
  );
}
