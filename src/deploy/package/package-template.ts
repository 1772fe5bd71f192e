import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, extname, relative, resolve } from "node:path";
import { NO_SETTINGS } from "../../bundle/build-options.ts";
import { isDirectory } from "../../bundle/directory-files.ts";
import { TEMPLATE_HINT } from "../../definition/faults.ts";
import { familyOf } from "../../definition/runtimes.ts";
import { WsgwError } from "../../errors.ts";
import { Origins } from "../../readers/cloudformation/rules/origins.ts";
import { type Finding, inOrder, sentenceOf } from "../../readers/cloudformation/rules/report.ts";
import { isObject } from "../../readers/cloudformation/rules/tree.ts";
import { parseTemplate } from "../../readers/cloudformation/template-file.ts";
import { inTurns } from "../in-turns.ts";
import { NO_ACCOUNT, objectUrl } from "../rules/bucket.ts";
import { type JudgedTemplate, judgeTemplate } from "../rules/judge-template.ts";
import {
  type LocalPath,
  localPaths,
  settingOf,
  valueAt,
  withValueAt,
} from "../rules/local-paths.ts";
import type { Json, JsonObject, Template } from "../template/model.ts";
import { fileOnDisk, type PackageFile, walk } from "./files.ts";
import type { PackagedFunction } from "./package-code.ts";
import { bundleNode, type NodeCode, type NodeFunction, nodeFiles } from "./package-node.ts";
import { requirementsNotIn, requirementWarnings } from "./requirements.ts";
import { filesOf } from "./unchanged-directory.ts";
import {
  moduleOf,
  nodeFunction,
  type TemplateCode,
  unbuilt,
  unhonoured,
} from "./without-sam-build.ts";
import { createZipper } from "./zip.ts";
import { tooLarge, unzippedBytes } from "./zip-size.ts";

export type TemplatePackageOptions = {
  /** Absolute path of the template. */
  readonly file: string;
  /** The directory to which paths in messages are relative. */
  readonly cwd: string;
  /** Directory of the project. */
  readonly root: string;
  readonly stackName: string;
  readonly bucket: string;
  readonly region: string;
  /** The given values of the template's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Paths without code; absolute. */
  readonly without: readonly string[];
  /** Where bundles are built. */
  readonly stateDir: string;
  readonly onPackaged?: (packaged: PackagedFunction) => void;
};

/** A nested template, or another file that the template references. */
export type PackagedFile = {
  /** File name when it is written to disk. */
  readonly name: string;
  readonly key: string;
  readonly body: Uint8Array;
  readonly type: string;
};

/** Zipped code of a template. */
export type PackagedCode = PackagedFunction & {
  readonly of: "function" | "layer" | "files";
  /** File name of the zip when it is written to disk. Default: its name and `.zip`. */
  readonly file?: string;
  /** Whether the stack omits it because its condition is false. */
  readonly isLeftOut: boolean;
};

export type PackagedTemplate = {
  readonly template: Template;
  /** The template to send: the author's own, with S3 locations instead of local paths. */
  readonly templateText: string;
  /** A zip for each function and layer, including those of nested templates. */
  readonly packaged: readonly PackagedCode[];
  readonly files: readonly PackagedFile[];
  readonly warnings: readonly string[];
  /** Sentences about parameters without a default or a value; an existing stack may have one. */
  readonly withoutValue: readonly string[];
  /** Conditions of the template that are false: the stack omits their resources. */
  readonly falseConditions: readonly string[];
};

/**
 * Packages the local files of a template, as `aws cloudformation package` does, and leaves the rest
 * unchanged: no function is evaluated and no transform expanded. The same input gives the same bytes. Throws
 * CONFIG_INVALID for an unreadable template, PACKAGE_INVALID and HANDLER_INVALID with all errors in code.
 */
export async function packageTemplate(options: TemplatePackageOptions): Promise<PackagedTemplate> {
  return new TemplatePackager(options).run();
}

/** Reads a template without evaluating it, with short tags expanded. Throws CONFIG_INVALID. */
export function readPlainTemplate(file: string, cwd: string, origins = new Origins()): JsonObject {
  const findings: Finding[] = [];
  const shown = relative(cwd, file) || basename(file);
  const report = (finding: Finding) => findings.push(finding);
  const template = parseTemplate(readFileSync(file, "utf8"), file, origins, report);
  const errors = inOrder(findings).filter(({ severity }) => severity === "error");
  const sentences = errors.map((finding) =>
    sentenceOf(finding, `${shown}:${finding.origin?.line ?? 1}:${finding.origin?.column ?? 1}`),
  );
  if (template !== undefined && !isObject(template.Resources)) {
    sentences.push(`${shown}: The template has no Resources.`);
  }
  if (sentences.length === 0 && template !== undefined) return template;
  throw new WsgwError("CONFIG_INVALID", sentences.join("\n"), { hint: TEMPLATE_HINT });
}

/** The file or directory at one local path. */
type Item = TemplateCode & {
  readonly fault: (problem: string) => string;
  readonly isLeftOut: boolean;
};

/** A template with its nested templates. */
type Opened = {
  readonly tree: JsonObject;
  readonly items: readonly Item[];
  readonly nested: ReadonlyMap<Item, Opened>;
  readonly judged: JudgedTemplate;
};

type Contents = {
  readonly zip: Uint8Array;
  readonly files: readonly string[];
  /** Bytes, unzipped. */
  readonly size: number;
};

class TemplatePackager {
  readonly #options: TemplatePackageOptions;
  readonly #faults: string[] = [];
  readonly #names = new Set<string>();
  readonly #zipped = createZipper();
  readonly #packaged = new Map<Item, PackagedCode>();
  readonly #warnings: string[] = [];
  readonly #files: PackagedFile[] = [];

  constructor(options: TemplatePackageOptions) {
    this.#options = options;
  }

  async run(): Promise<PackagedTemplate> {
    const { file, parameters } = this.#options;
    const opened = this.#open(file, "", [], parameters);
    this.#reject("PACKAGE_INVALID");
    const { code, advice } = await this.#bundle(opened);
    this.#reject("HANDLER_INVALID", advice.join("\n") || undefined);
    const zips = allItems(opened).filter((item) => this.#isZipped(item));
    await inTurns(zips, availableParallelism(), (item) => this.#zip(item, code));
    this.#reject("PACKAGE_INVALID");
    const template = this.#render(opened);
    const packaged = zips.flatMap((item) => this.#packaged.get(item) ?? []);
    return {
      template: template as unknown as Template,
      templateText: textOf(template),
      packaged,
      files: this.#files,
      warnings: [
        ...this.#warnings,
        ...packaged.flatMap(({ warnings }) => warnings),
        ...requirementWarnings(packaged),
      ],
      withoutValue: opened.judged.withoutValue.map((finding) => this.#placed(finding)),
      falseConditions: opened.judged.falseConditions,
    };
  }

  #placed(finding: Finding): string {
    const { file, line, column } = finding.origin ?? {
      file: this.#options.file,
      line: 1,
      column: 1,
    };
    return sentenceOf(finding, `${this.#shownFile(file)}:${line}:${column}`);
  }

  #shownFile(file: string): string {
    return relative(this.#options.cwd, file) || basename(file);
  }

  #reject(code: "PACKAGE_INVALID" | "HANDLER_INVALID", hint?: string): void {
    if (this.#faults.length > 0) throw new WsgwError(code, this.#faults.join("\n"), { hint });
  }

  #open(
    file: string,
    prefix: string,
    above: readonly string[],
    given: Readonly<Record<string, string>>,
  ): Opened {
    const origins = new Origins();
    const tree = readPlainTemplate(file, this.#options.cwd, origins);
    const judged = judgeTemplate(tree, { ...this.#options, accountId: NO_ACCOUNT, origins, given });
    const warned = [...judged.misleadingRoutes, ...judged.closedRuntimes];
    this.#warnings.push(...warned.map((finding) => this.#placed(finding)));
    const items = localPaths(tree).map((local): Item => {
      const resource = resourceAt(tree, local);
      const at = resolve(dirname(file), local.path);
      const fault = (problem: string) => this.#sentence(file, tree, origins, local, problem);
      const name = this.#nameFor(prefix, local);
      const wanted = isObject(resource) ? withSettings(tree, resource, given) : {};
      const condition = valueAt(resource, ["Condition"]);
      const isLeftOut = judged.falseConditions.some((each) => each === condition);
      return { local, file: at, name, fault, resource: wanted, isLeftOut };
    });
    const nested = new Map<Item, Opened>();
    for (const item of items) {
      const problem = problemOf(item, [...above, file]);
      if (problem !== undefined) this.#faults.push(item.fault(problem));
      else if (item.local.kind === "template") {
        nested.set(item, this.#open(item.file, `${item.name}-`, [...above, file], {}));
      }
    }
    return { tree, items, nested, judged };
  }

  #sentence(
    file: string,
    tree: JsonObject,
    origins: Origins,
    { at }: LocalPath,
    problem: string,
  ): string {
    const lengths = at.map((_, index) => at.length - 1 - index);
    const origin = lengths
      .map((length) => origins.of(valueAt(tree, at.slice(0, length)), at[length]))
      .find((found) => found !== undefined);
    const place = origin && `:${origin.line}:${origin.column}`;
    const shown = `${this.#shownFile(file)}${place ?? ""}`;
    const from = { file, line: 1, column: 1, path: at };
    return sentenceOf({ severity: "error", origin: from, problem }, shown);
  }

  #nameFor(prefix: string, { id, kind, at }: LocalPath): string {
    const property = kind === "file" ? `-${at.at(-1)}` : "";
    const plain = `${prefix}${id}${property}`.replace(/[^\w-]+/g, "");
    let name = plain;
    for (let count = 2; this.#names.has(name); count += 1) name = `${plain}-${count}`;
    this.#names.add(name);
    return name;
  }

  #isZipped({ local: { kind }, file }: Item): boolean {
    return kind === "code" || kind === "archive" || (kind === "file" && isDirectory(file));
  }

  /** Bundles of the functions whose code cannot run unbuilt, by the names of their items. */
  async #bundle(opened: Opened) {
    const { root, stateDir } = this.#options;
    const all = allItems(opened);
    const functions = all.flatMap((item) => nodeFunction(root, item, all) ?? []);
    const found = await bundleNode(root, functions, NO_SETTINGS, stateDir);
    this.#faults.push(...found.faults);
    return found;
  }

  async #zip(item: Item, code: ReadonlyMap<string, NodeCode<NodeFunction>>): Promise<void> {
    const { name, file } = item;
    const bundled = code.get(name);
    const bundle = bundled && nodeFiles(this.#options.root, bundled, moduleOf(item));
    const contents = await (bundle === undefined
      ? this.#asItIs(file)
      : this.#contents(bundle.files));
    const faults = typeof contents === "string" ? [contents] : (bundle?.faults ?? []);
    this.#faults.push(...faults.map(item.fault));
    if (typeof contents === "string") return;
    const { zip, files, size } = contents;
    const sha256 = hashOf(zip);
    const of = contentOf(item);
    const packaged: PackagedCode = {
      name,
      of,
      isLeftOut: item.isLeftOut,
      zip,
      sha256,
      key: `${this.#options.stackName}/${sha256}.zip`,
      zippedBytes: zip.length,
      unzippedBytes: size,
      files,
      warnings: (bundle === undefined
        ? unbuilt(item)
        : [...bundle.warnings, ...unhonoured(item)]
      ).map((end) => `${WHAT[of]} "${name}" ${end}`),
      missingRequirements: bundle === undefined ? requirementsOf(item) : [],
    };
    this.#packaged.set(item, packaged);
    this.#options.onPackaged?.(packaged);
  }

  async #asItIs(file: string): Promise<Contents | string> {
    return isZip(file) ? readZip(file) : this.#directory(file);
  }

  async #directory(at: string): Promise<Contents | string> {
    if (!isDirectory(at)) return this.#contents([fileOnDisk(basename(at), at)]);
    const files = filesOf(at, this.#options.without);
    return files.length === 0 ? "the directory is empty." : this.#contents(files);
  }

  async #contents(files: readonly PackageFile[]): Promise<Contents | string> {
    const size = unzippedBytes(files);
    const problem = tooLarge(size, "unzipped", files);
    if (problem !== undefined) return problem;
    return { zip: await this.#zipped(files), files: files.map(({ path }) => path), size };
  }

  /** The template with locations, after its nested templates. */
  #render({ tree, items, nested }: Opened): JsonObject {
    const { bucket, region } = this.#options;
    return items.reduce<JsonObject>((before, item) => {
      const inner = nested.get(item);
      const key = this.#packaged.get(item)?.key ?? this.#store(item, inner);
      const stored = { bucket, key, url: objectUrl(bucket, key, region) };
      const { at, locationOf } = item.local;
      return withValueAt(before, at, locationOf(stored)) as JsonObject;
    }, tree);
  }

  #store(item: Item, inner: Opened | undefined): string {
    const body =
      inner === undefined ? readFileSync(item.file) : Buffer.from(textOf(this.#render(inner)));
    const end = inner === undefined ? extname(item.file) : ".template.json";
    const key = `${this.#options.stackName}/${hashOf(body)}${end}`;
    const type = inner === undefined ? "application/octet-stream" : "application/json";
    this.#files.push({ name: `${item.name}${end}`, key, body, type });
    return key;
  }
}

function allItems({ items, nested }: Opened): readonly Item[] {
  return items.flatMap((item) => {
    const inner = nested.get(item);
    return inner === undefined ? [item] : allItems(inner);
  });
}

/** The template as a string; its keys keep the author's order. */
function textOf(template: JsonObject): string {
  return `${JSON.stringify(template, undefined, 2)}\n`;
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const WHAT = { function: "Function", layer: "Layer", files: "Archive" } as const;

function contentOf({ local, resource: { Type: type } }: Item): PackagedCode["of"] {
  if (local.kind === "code") return "function";
  return String(type).endsWith("LayerVersion") ? "layer" : "files";
}

function resourceAt(tree: JsonObject, { at }: LocalPath): Json | undefined {
  const properties = at.lastIndexOf("Properties");
  return properties === -1 ? undefined : valueAt(tree, at.slice(0, properties));
}

/** The settings that determine how a function's code is packaged. */
function withSettings(
  tree: JsonObject,
  resource: JsonObject,
  given: Readonly<Record<string, string>>,
): JsonObject {
  const text = (property: string): Json => {
    const value = settingOf(tree, resource, property);
    if (!isObject(value) || typeof value.Ref !== "string") return value ?? null;
    return given[value.Ref] ?? valueAt(tree, ["Parameters", value.Ref, "Default"]) ?? null;
  };
  return {
    Type: resource.Type ?? null,
    Handler: text("Handler"),
    Runtime: text("Runtime"),
    Layers: settingOf(tree, resource, "Layers") ?? [],
    Metadata: resource.Metadata ?? null,
  };
}

function problemOf({ local, file }: Item, above: readonly string[]): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return `${local.path} does not exist. Correct the path, or build it.`;
  if (local.kind !== "template") return undefined;
  if (!found.isFile()) return `${local.path} is not a file. Write the path of the template.`;
  return above.includes(file) ? `${local.path} refers to itself.` : undefined;
}

/**
 * Packages that the code of a Python function requires and that are not next to it, if its directory is
 * deployed as it is.
 */
function requirementsOf({
  file,
  resource: { Runtime: runtime, Metadata: metadata },
}: Item): readonly string[] {
  const isPython = typeof runtime === "string" && familyOf(runtime) === "python";
  const build = valueAt(metadata, ["BuildMethod"]);
  if (!isPython || !isDirectory(file) || typeof build === "string") return [];
  return requirementsNotIn(
    file,
    walk(file, () => false).map((path) => fileOnDisk(path, resolve(file, path))),
  );
}

function readZip(file: string): Contents | string {
  const zip = readFileSync(file);
  return { zip, files: [basename(file)], size: zip.length };
}

/** Checks the first bytes, whatever the extension: `.jar` is a zip too. */
function isZip(file: string): boolean {
  return (
    !isDirectory(file) && readFileSync(file).subarray(0, 4).toString("latin1") === "PK\x03\x04"
  );
}
