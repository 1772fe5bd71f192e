import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Takes seconds each, the longest first. */
const LONG = [
  "scenarios/unchanged-handlers",
  "cli/processes",
  "emulator/lambda/child-process/child-process",
  "emulator/lambda/runtime-api/python",
  "emulator/dev",
  "emulator/lambda/lent-packages",
  "deploy/package/package-code",
  "scenarios/projects",
  "cli/send/prompt",
  "scenarios/sample-chat",
  "emulator/dynamodb/crashes",
  "scenarios/aws-stays-at-home",
  "scenarios/faults",
  "emulator/debugging",
];

/** Has long files begin first, so that no worker is left alone with one at the end. A class, since Vitest makes it. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    return others
      .map((file, at) => ({ file, rank: rankOf(file.moduleId) ?? LONG.length + at }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ file }) => file);
  }
}

function rankOf(path: string): number | undefined {
  const at = LONG.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
  return at === -1 ? undefined : at;
}
