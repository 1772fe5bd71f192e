import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Takes seconds each, the longest first. */
const LONG = [
  "cli/templates.apart",
  "readers/cdk/synth.apart",
  "deploy/runs/template.apart",
  "captured-facts/captured-facts",
  "emulator/lambda/child-process/child-process",
  "emulator/dev",
  "scenarios/permissions",
  "scenarios/aws-stays-at-home",
  "readers/config/config-file",
  "deploy/runs/run-deploy",
  "emulator/emulator",
  "scenarios/functions-call-functions",
  "cli/invoke/invoke",
  "scenarios/integrations",
  "emulator/changed-definition",
];

/**
 * Starts the files of one project before those of the next: between two projects, Vitest ends the process and loads the
 * sources again. Long files come first in each, so that no worker is left alone with one at the end. A class, since Vitest
 * creates it.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const ranks = new Map(sorted.map((file, at) => [file, rankOf(file) ?? LONG.length + at]));
    const rank = (file: TestSpecification) =>
      (isApart(file) ? 0 : files.length + LONG.length) + (ranks.get(file) ?? 0);
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}

const isApart = ({ project }: TestSpecification) => project.name === "apart";

function rankOf({ moduleId }: TestSpecification): number | undefined {
  const at = LONG.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return at === -1 ? undefined : at;
}
