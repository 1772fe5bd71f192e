import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Takes seconds each, the longest first. */
const LONG = [
  "readers/cdk/synth.apart",
  "cli/templates.apart",
  "readers/unmodified-projects.apart",
  "cli/processes",
  "emulator/lambda/child-process/child-process",
  "emulator/lambda/runtime-api/python",
  "emulator/dev",
  "emulator/lambda/runtime-sdk",
  "deploy/package/package-code",
  "scenarios/projects",
  "cli/send/prompt",
  "scenarios/sample-chat",
  "emulator/dynamodb/crashes",
  "scenarios/aws-stays-at-home",
  "scenarios/faults",
  "emulator/debugging",
  "scenarios/functions-call-functions",
  "readers/config/config-file",
  "scenarios/permissions",
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
