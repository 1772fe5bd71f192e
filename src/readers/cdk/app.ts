import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { filesBelow } from "../../bundle/directory-files.ts";
import { writtenAt } from "./assembly.ts";
import { type AppSettings, readSettings } from "./rules/settings.ts";

/** A CDK app: the directory of a `cdk.json`. */
export type App = AppSettings & {
  /** Absolute path of the `cdk.json`. */
  readonly file: string;
  readonly directory: string;
  /** Where its own `cdk synth` writes, or where its assembly is; absolute. */
  readonly outputDirectory: string;
  /** Whether `app` is a directory with an assembly, which wsgw does not synthesize again. */
  readonly isBuilt: boolean;
};

/** More files than any app's sources have; the rest is not watched. */
const MOST_FILES = 2_000;

/** Whether a file defines a CDK app: its `cdk.json`, or the manifest of an assembly. */
export function isOfCdk(file: string): boolean {
  return file.endsWith(`${sep}cdk.json`) || (isManifest(file) && isAssembly(dirname(file)));
}

export function isManifest(file: string): boolean {
  return file.endsWith(`${sep}manifest.json`);
}

/** An assembly contains a file with its version, whose name only the CDK uses. */
function isAssembly(directory: string): boolean {
  return existsSync(join(directory, "cdk.out"));
}

/** Reads a `cdk.json`; undefined if it is not a JSON object. */
export function openApp(file: string): App | undefined {
  const settings = readSettings(readFileSync(file, "utf8"));
  if (settings === undefined) return undefined;
  const directory = dirname(file);
  const { app, output } = settings;
  const isBuilt = app !== undefined && writtenAt(resolve(directory, app)) !== undefined;
  return {
    ...settings,
    file,
    directory,
    outputDirectory: resolve(directory, isBuilt ? app : output),
    isBuilt,
  };
}

/**
 * The files of an app that decide what is deployed, as configured under `watch` in its `cdk.json`; absolute.
 */
export function sourcesOf({ directory, outputDirectory, isSource }: App): readonly string[] {
  const isTaken = (file: string) => isSource(relative(directory, file).replaceAll("\\", "/"));
  return filesBelow(directory, [outputDirectory]).filter(isTaken).slice(0, MOST_FILES);
}

/** Whether the scripts of an app that was never synthesized mention a WebSocket API. */
export function mayHaveWebSocketApi({ directory, outputDirectory }: App): boolean {
  return filesBelow(directory, [outputDirectory])
    .filter((file) => /\.(?:[cm]?[jt]s|py|java|cs|go)$/.test(file))
    .slice(0, MOST_FILES)
    .some((file) => /WebSocketApi\b|["']WEBSOCKET["']/.test(readFileSync(file, "utf8")));
}
