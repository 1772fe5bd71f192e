import { existsSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { isDirectory } from "../../bundle/directory-files.ts";
import { findHandlers } from "../../bundle/locate-handlers.ts";
import { familyOf } from "../../definition/runtimes.ts";
import { type Resource, textOf } from "./rules/stack.ts";
import { isObject } from "./rules/tree.ts";
import { unpackedText, unpackedZip } from "./unpacked.ts";

/** The local code of a function. */
export type LocatedCode =
  | {
      readonly kind: "found";
      /** `/var/task` on AWS; absolute. */
      readonly directory: string;
      /** Files that determine its contents: the zip file. */
      readonly inputs: readonly string[];
      /** What it was unpacked from: the path of a zip file, or the template itself. */
      readonly from?: "template" | { readonly file: string };
      /** Whether it is what `sam build` made of files that have changed since. */
      readonly isOutdated?: boolean;
    }
  | {
      readonly kind: "elsewhere";
      /** Ends a sentence that begins with the function. */
      readonly why: string;
      readonly isInS3: boolean;
      /** Files that can change this: the missing or broken ones. */
      readonly inputs: readonly string[];
    };

/** Finds the code of a function as its template says: a directory, a zip file, inline code or a CDK asset. */
export function locateOwn(resource: Resource, runtime: string, stateDir: string): LocatedCode {
  const code = resource.property("Code");
  const unpackInto = join(stateDir, "code", resource.key);
  const path = assetPath(resource) ?? textOf(code);
  if (path !== undefined)
    return locateFiles(resolve(dirname(resource.file), path), path, unpackInto);
  if (!isObject(code)) return elsewhere("has no Code");
  const text = textOf(code.ZipFile);
  if (text !== undefined) {
    const fileName = familyOf(runtime) === "python" ? "index.py" : "index.js";
    return { ...found(unpackedText(text, fileName, unpackInto)), from: "template" };
  }
  const key = textOf(code.S3Key);
  const zip = zipBeside(resource, key);
  if (zip !== undefined) return locateFiles(zip, relative(process.cwd(), zip), unpackInto);
  return inS3(`has its code in S3 (${textOf(code.S3Bucket) ?? "?"}/${key ?? "?"})`);
}

/**
 * The file that `serverless package` puts next to its template, to be uploaded to a bucket under a key with
 * the same name.
 */
function zipBeside({ file }: Resource, key: string | undefined): string | undefined {
  if (key === undefined || basename(dirname(file)) !== ".serverless") return undefined;
  const zip = join(dirname(file), basename(key));
  return existsSync(zip) ? zip : undefined;
}

/** The path of an asset in CDK metadata, relative to its template. */
function assetPath(resource: Resource): string | undefined {
  const metadata = resource.attribute("Metadata");
  return isObject(metadata) ? textOf(metadata["aws:asset:path"]) : undefined;
}

function locateFiles(at: string, shown: string, unpackInto: string): LocatedCode {
  if (!existsSync(at)) return elsewhere(`has its code in ${shown}, which does not exist`, [at]);
  if (isDirectory(at)) return found(at);
  if (!/\.(zip|jar)$/i.test(at)) return { kind: "found", directory: dirname(at), inputs: [at] };
  try {
    const directory = unpackedZip(at, unpackInto);
    return { kind: "found", directory, inputs: [at], from: { file: shown } };
  } catch (error) {
    return elsewhere(
      `has its code in ${shown}, which wsgw cannot unpack: ${error instanceof Error ? error.message : String(error)}`,
      [at],
    );
  }
}

/** Whether a directory contains the code of a handler. */
export function hasHandler(directory: string, handler: string, runtime: string): boolean {
  switch (familyOf(runtime)) {
    case "node":
      return findHandlers(directory, [{ name: "", handler }]).faults.length === 0;
    case "python": {
      const module = handler.slice(0, handler.lastIndexOf(".")).replaceAll(".", "/");
      return existsSync(join(directory, `${module}.py`)) || isDirectory(join(directory, module));
    }
    default:
      return existsSync(join(directory, runtime === "go1.x" ? handler : "bootstrap"));
  }
}

/** The same for the files of a layer. */
export function locateOwnLayer(layer: Resource, stateDir: string): LocatedCode {
  const property = layer.property("Content");
  const zip = isObject(property) ? zipBeside(layer, textOf(property.S3Key)) : undefined;
  const content = assetPath(layer) ?? textOf(property) ?? zip;
  if (content === undefined) return inS3("has its content in S3");
  const unpackInto = join(stateDir, "code", layer.key);
  return locateFiles(resolve(dirname(layer.file), content), content, unpackInto);
}

/** Code that lies in a directory. */
export function found(directory: string): Extract<LocatedCode, { readonly kind: "found" }> {
  return { kind: "found", directory, inputs: [] };
}

function elsewhere(why: string, inputs: readonly string[] = []): LocatedCode {
  return { kind: "elsewhere", why, isInS3: false, inputs };
}

function inS3(why: string): LocatedCode {
  return { kind: "elsewhere", why, isInS3: true, inputs: [] };
}
