import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { namesIn } from "../bundle/directory-files.ts";
import { WsgwError } from "../errors.ts";
import { isOfCdk, mayHaveWebSocketApi, openApp } from "./cdk/app.ts";
import { configIn, noConfig } from "./config/config-file.ts";
import { choices, type Form, inWords, namedFiles, projectParts } from "./rules/project-files.ts";
import { filesOfVariables, isServiceFile } from "./rules/service-names.ts";
import { unsupportedTool } from "./rules/unsupported-tools.ts";
import { hasWebSocketApi, isTemplate, nestedTemplates } from "./rules/websocket-template.ts";
import {
  hasTerraformApi,
  isTerraformFile,
  localModules,
} from "./terraform/rules/terraform-files.ts";

/** The file that defines the project. */
export type FoundDefinition = {
  readonly kind: "config" | Form;
  /** Absolute. */
  readonly file: string;
  /** Why it was selected, and which files were skipped. */
  readonly remarks: readonly string[];
};

/** The template in the SAM CLI's settings. */
export type NamedTemplate = {
  /** Absolute. */
  readonly file: string;
  /** Name of the settings file, such as `samconfig.toml`. */
  readonly by: string;
};

/** A file that may define an API, judging by its name. */
type Looked = {
  readonly form: Form;
  readonly file: string;
  /** Its templates with a WebSocket API. */
  readonly templates: readonly string[];
  /** Undefined for a file that defines a WebSocket API. */
  readonly aside: string | undefined;
};

/** Above CloudFormation's maximum; larger files are not templates. */
const MOST_BYTES = 5_000_000;
/** Maximum nesting of stacks. */
const MOST_NESTED = 5;

/**
 * Finds the file that defines the project in `cwd` and the directories above: a config file first, then any
 * other definition of a WebSocket API, up to the root of the repository. Throws CONFIG_NOT_FOUND,
 * DEFINITION_AMBIGUOUS if it would have to guess, and DEFINITION_UNSUPPORTED for unsupported formats.
 */
export async function findDefinition(
  cwd: string,
  templateNamedIn: (directory: string) => Promise<NamedTemplate | undefined>,
): Promise<FoundDefinition> {
  const start = resolve(cwd);
  const directories = directoriesUp(start);
  const repository = directories.findIndex((directory) => existsSync(join(directory, ".git")));
  const own = repository < 0 ? directories : directories.slice(0, repository + 1);
  const config = firstConfig(own);
  if (config !== undefined) return { kind: "config", file: config, remarks: [] };
  const aside: Looked[] = [];
  for (const directory of own) {
    const named = await templateNamedIn(directory);
    const looked = lookInto(directory, named?.file);
    const found = looked.filter(({ aside }) => aside === undefined);
    aside.push(...looked.filter(({ aside }) => aside !== undefined));
    if (found.length > 0) return decided(start, directory, found, aside, named);
  }
  const above = firstConfig(directories.slice(own.length));
  if (above !== undefined) return { kind: "config", file: above, remarks: [] };
  rejectUnread(start, own);
  throw noConfig(start, sentencesOf(start, aside));
}

/** The files of a directory, except config files, that define a WebSocket API. */
export function definingFilesIn(directory: string): readonly string[] {
  const found = lookInto(directory, undefined).filter(({ aside }) => aside === undefined);
  return found.map(({ file }) => file);
}

/** The project directory of a template: above `.aws-sam`, `cdk.out` and `.serverless`, else its own. */
export function projectOf(template: string): string {
  return projectParts(dirname(template).split(sep)).join(sep) || sep;
}

/** The format of a given file, by its name and contents. */
export function formOf(file: string): Form {
  const text = () => textOf(file) ?? "";
  if (isOfCdk(file)) return "cdk";
  if (isTerraformFile(file, text)) return "terraform";
  return isServiceFile(file, text()) ? "serverless" : "template";
}

/** Whether a file is a template or equivalent, by its name and, if necessary, its contents. */
export function isTemplateFile(file: string): boolean {
  if (formOf(resolve(file)) !== "template") return true;
  if (/\.(ya?ml|template)$/.test(file)) return true;
  return file.endsWith(".json") && isTemplate(textOf(file) ?? "");
}

/** Up to the home directory, or up to the root for projects outside it. */
function directoriesUp(start: string): readonly string[] {
  const directories = [start];
  for (let directory = start; directory !== homedir() && directory !== dirname(directory); ) {
    directory = dirname(directory);
    directories.push(directory);
  }
  return directories;
}

function firstConfig(directories: readonly string[]): string | undefined {
  for (const directory of directories) {
    const name = configIn(directory);
    if (name !== undefined) return join(directory, name);
  }
  return undefined;
}

function lookInto(directory: string, named: string | undefined): readonly Looked[] {
  const files = namedFiles(namesIn(directory));
  const inDirectory = (names: readonly string[]) => names.map((name) => join(directory, name));
  const candidates = inDirectory(files.templates).filter((file) => file !== named);
  const templates = [...(named === undefined ? [] : [named]), ...candidates].map(lookAtTemplate);
  const nested = new Set(templates.flatMap(({ file }) => [...allNested(file)]));
  return [
    ...inDirectory(files.cdk).map(lookAtCdk),
    ...inDirectory(files.serverless).map((file) =>
      formOf(file) === "serverless" ? lookAtServerless(file) : lookAtTemplate(file),
    ),
    ...templates.filter(({ file }) => file === named || !nested.has(file)),
    ...lookAtTerraform(inDirectory(files.terraform)),
  ];
}

function lookAtTemplate(file: string): Looked {
  const has = [file, ...allNested(file)].some((each) => hasWebSocketApi(textOf(each) ?? ""));
  const aside = has ? undefined : (whyUnreadable(file) ?? NO_API);
  return { form: "template", file, templates: [file], aside };
}

function lookAtCdk(file: string): Looked {
  const app = openApp(file);
  if (app === undefined) return { form: "cdk", file, templates: [], aside: "is not a JSON object" };
  const out = app.outputDirectory;
  const stages = namesIn(out).filter((name) => name.startsWith("assembly-"));
  const all = ["", ...stages].flatMap((stage) =>
    namesIn(join(out, stage)).map((name) => join(out, stage, name)),
  );
  const templates = all.filter((each) => each.endsWith(".template.json"));
  const why = templates.length === 0 ? "has no cdk.out yet: run cdk synth" : NO_API;
  const has =
    templates.some((each) => hasWebSocketApi(textOf(each) ?? "")) || mayHaveWebSocketApi(app);
  return { form: "cdk", file, templates: [file], aside: has ? undefined : why };
}

function lookAtServerless(file: string): Looked {
  // A script may import its functions from other files.
  const files = [
    file,
    ...filesOfVariables(textOf(file) ?? "").map((each) => resolve(dirname(file), each)),
  ];
  const has = files.some((each) => /\.[jt]s$/.test(each) || /websocket/i.test(textOf(each) ?? ""));
  return { form: "serverless", file, templates: [file], aside: has ? undefined : NO_API };
}

/**
 * The directory is the project, whichever of its files is given; this finds the one with the API, or with the
 * call of its module.
 */
function lookAtTerraform(files: readonly string[]): readonly Looked[] {
  const own = files.find((each) => hasTerraformApi(textOf(each) ?? ""));
  const [first] = files.filter((each) => modulesOf(each, 1).some(hasTerraformApi));
  const file = own ?? first;
  if (file !== undefined) return [{ form: "terraform", file, templates: [file], aside: undefined }];
  return files
    .slice(0, 1)
    .map((each) => ({ form: "terraform", file: each, templates: [], aside: NO_API }));
}

/** The contents of local modules that a Terraform file calls. */
function modulesOf(file: string, depth: number): readonly string[] {
  if (depth > MOST_NESTED) return [];
  return localModules(textOf(file) ?? "").flatMap((source) => {
    const directory = resolve(dirname(file), source);
    const files = namedFiles(namesIn(directory)).terraform.map((name) => join(directory, name));
    return files.flatMap((each) => [textOf(each) ?? "", ...modulesOf(each, depth + 1)]);
  });
}

const NO_API = "has no WebSocket API";

/** Why a template cannot be searched; ends a sentence that begins with its name. Undefined if it is text. */
function whyUnreadable(file: string): string | undefined {
  const text = textOf(file);
  if (text === undefined) return existsSync(file) ? "is too large for a template" : undefined;
  if (text.includes("\0")) return "is not UTF-8";
  return text.trim() === "" ? "is empty" : undefined;
}

/** The local templates that a template references, except itself. */
function allNested(file: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (from: string, depth: number): void => {
    if (depth > MOST_NESTED) return;
    for (const path of nestedTemplates(textOf(from) ?? "")) {
      const nested = resolve(dirname(from), path);
      if (nested === file || found.has(nested)) continue;
      found.add(nested);
      visit(nested, depth + 1);
    }
  };
  visit(file, 1);
  return found;
}

function decided(
  start: string,
  directory: string,
  found: readonly Looked[],
  aside: readonly Looked[],
  named: NamedTemplate | undefined,
): FoundDefinition {
  const chosen = found.find(({ file }) => file === named?.file);
  const others = found.filter(({ form }) => form !== "template");
  const rivals = chosen === undefined ? found : [chosen, ...others];
  const [first] = rivals;
  if (first === undefined || rivals.length > 1) throw ambiguous(start, directory, rivals);
  const left = found.filter((each) => each !== first);
  const where = directory === start ? "here" : `in ${directory}`;
  const why =
    chosen === undefined
      ? `is the only file ${where} that defines a WebSocket API`
      : `comes from ${named?.by}`;
  return {
    kind: first.form,
    file: first.file,
    remarks: [
      `${relative(start, first.file)} ${why}.`,
      ...(left.length === 0 ? [] : [`Ignored: ${inWords(left.map(nameFrom(start)))}.`]),
      ...sentencesOf(start, aside),
    ],
  };
}

function ambiguous(start: string, directory: string, found: readonly Looked[]): WsgwError {
  const names = inWords(found.map(nameFrom(start)));
  const lines = choices(
    found.flatMap(({ templates }) => templates).map((each) => relative(start, each)),
  );
  const message = `${names} in ${directory} each define a WebSocket API. Choose one:\n${lines}`;
  return new WsgwError("DEFINITION_AMBIGUOUS", message);
}

/** Throws DEFINITION_UNSUPPORTED if one of the directories contains a project of an unsupported tool. */
function rejectUnread(start: string, directories: readonly string[]): void {
  for (const directory of directories) {
    const unread = unsupportedTool(namesIn(directory));
    if (unread === undefined) continue;
    const file = relative(start, join(directory, unread.name));
    const message = `${file} belongs to a project of ${unread.tool}, which wsgw does not read.`;
    throw new WsgwError("DEFINITION_UNSUPPORTED", message, { hint: unread.advice });
  }
}

/** The skipped files without a WebSocket API, one sentence per reason. */
function sentencesOf(start: string, aside: readonly Looked[]): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const each of aside) {
    const names = reasons.get(each.aside ?? "") ?? [];
    reasons.set(each.aside ?? "", [...names, nameFrom(start)(each)]);
  }
  return [...reasons].map(([why, names]) =>
    names.length === 1
      ? `${names.join("")} ${why}.`
      : `${inWords(names)} ${why.replace(/^has/, "have").replace(/^is/, "are")}.`,
  );
}

function nameFrom(start: string): (looked: Looked) => string {
  return ({ file }) => relative(start, file) || basename(file);
}

function textOf(file: string): string | undefined {
  try {
    const { size } = statSync(file);
    return size > MOST_BYTES ? undefined : readFileSync(file, "utf8");
  } catch {
    return undefined; // it does not exist, or is a directory
  }
}
