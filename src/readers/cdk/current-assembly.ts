import { join, relative } from "node:path";
import { newerThan } from "../../bundle/directory-files.ts";
import { withFileLock } from "../file-lock.ts";
import { ageOf } from "../rules/duration-in-words.ts";
import { type App, sourcesOf } from "./app.ts";
import { type Assembly, readAssembly, writtenAt } from "./assembly.ts";
import { missingLookups, refuseMissingLookups } from "./missing-lookups.ts";
import { type SynthOptions, synthesise } from "./synth.ts";

type CurrentAssembly = {
  readonly assembly: Assembly;
  /** Whether it was synthesized just now. */
  readonly isMade: boolean;
  /** Files of the app that have changed since the synthesis; absolute. */
  readonly newer: readonly string[];
  /** Files of the app; absolute. */
  readonly sources: readonly string[];
};

export type CurrentOptions = Omit<SynthOptions, "outputDirectory"> & {
  readonly stateDir: string;
  /** Whether a change of the app's files triggers a synthesis, and not only a missing assembly. */
  readonly isFollowing: boolean;
};

/**
 * The assembly of an app: the last output of `cdk synth`, run by the user or by wsgw. Without one, and after
 * a change, the app is synthesized into the state directory. Throws if that fails: the previous version stays
 * served.
 */
export async function currentAssembly(app: App, options: CurrentOptions): Promise<CurrentAssembly> {
  const { stateDir, isFollowing, signal } = options;
  const ownDirectory = join(stateDir, "cdk.out");
  const look = () => {
    const known = newest([app.outputDirectory, ownDirectory]);
    const sources = sourcesOf(app);
    const newer = known === undefined ? [] : newerThan(sources, known.writtenAt);
    const isUsable = known !== undefined && (!isFollowing || app.isBuilt || newer.length === 0);
    return { known, sources, newer, usable: isUsable ? known : undefined };
  };
  const { usable, ...looked } = look();
  if (usable !== undefined) return { ...looked, assembly: usable, isMade: false };
  return withFileLock(`${ownDirectory}.lock`, signal, async () => {
    const { known, usable: made, ...now } = look(); // another process may have been faster
    if (made !== undefined) return { ...now, assembly: made, isMade: false };
    await synthesise(app, { ...options, outputDirectory: ownDirectory });
    const assembly = readAssembly(ownDirectory);
    refuseMissingLookups(assembly, known, options.cwd);
    return { ...now, assembly, isMade: true, newer: [] };
  });
}

/** Messages: when the assembly was synthesized, and problems with it. */
export function remarksOf(current: CurrentAssembly, cwd: string): readonly string[] {
  const { assembly, isMade, newer } = current;
  const shown = relative(cwd, assembly.directory) || ".";
  const age = ageOf(Date.now() - assembly.writtenAt);
  const [first = "", ...more] = newer.map((each) => relative(cwd, each));
  const others = more.length === 0 ? "" : ` and ${more.length} more`;
  return [
    isMade
      ? `The app was synthesised into ${assembly.directory}.`
      : `${shown} was written ${age} ago.`,
    ...(newer.length === 0
      ? []
      : [
          `${first}${others} changed since. To serve the current app, save that file or run cdk synth.`,
        ]),
    ...(assembly.missing.length === 0 ? [] : [missingLookups(assembly)]),
  ];
}

/** The newest existing assembly; those without missing lookups come first. */
function newest(directories: readonly string[]): Assembly | undefined {
  const present = directories.filter((directory) => writtenAt(directory) !== undefined);
  const [first] = present
    .map((directory) => readAssembly(directory))
    .sort((one, other) => {
      const lacks = Math.sign(one.missing.length) - Math.sign(other.missing.length);
      return lacks === 0 ? other.writtenAt - one.writtenAt : lacks;
    });
  return first;
}
