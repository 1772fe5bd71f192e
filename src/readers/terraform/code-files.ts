import { dirname, relative, resolve } from "node:path";
import type { Json } from "../cloudformation/rules/origins.ts";
import type { CodeOf } from "./rules/resource-mappings.ts";
import { isEntries, isList } from "./rules/values.ts";
import { jsonOf, textIn, type WrittenResource } from "./rules/written-resource.ts";
import { type TsconfigAbove, typescriptSource } from "./typescript-source.ts";

/** The project file for relative paths, and the receiver of input files. */
type CodeOptions = {
  readonly file: string;
  readonly inputs: { add(file: string): void };
  readonly tsconfigAbove: TsconfigAbove;
};

/**
 * Finds the code of functions and layers: the source of an archive that Terraform creates, the file uploaded
 * to an S3 key, or the source of TypeScript's output. Any other file is the package itself.
 */
export function codeFinder(options: CodeOptions, resources: readonly WrittenResource[]): CodeOf {
  const root = dirname(options.file);
  const at = (path: string): string => resolve(root, path);
  const archives = resources.filter(({ type }) => type === "archive_file");
  const objects = resources.filter(
    ({ type }) => type === "aws_s3_object" || type === "aws_s3_bucket_object",
  );
  const fromPath = (path: string, resource: WrittenResource): Json => {
    const archive = archives.find((each) => at(textIn(each, "output_path") ?? "") === at(path));
    const source = archive === undefined ? path : sourceOf(archive);
    if (typeof source !== "string") return source ?? path;
    const handler = textIn(resource, "handler") ?? "";
    return relative(root, typescriptSource(at(source), handler, options)) || ".";
  };
  return (resource) => {
    const image = textIn(resource, "image_uri");
    if (image !== undefined) return { ImageUri: image };
    const path = textIn(resource, "filename");
    if (path !== undefined) return fromPath(path, resource);
    const [bucket, key] = [textIn(resource, "s3_bucket"), textIn(resource, "s3_key")];
    if (key === undefined) return undefined;
    const object = objects.find((each) => textIn(each, "key") === key);
    const source = object && textIn(object, "source");
    if (source !== undefined) return fromPath(source, resource);
    return { S3Bucket: bucket ?? null, S3Key: key };
  };
}

/** The source of an archive. Of several inline files, the first is the code. */
function sourceOf(archive: WrittenResource): Json | undefined {
  const path = textIn(archive, "source_dir") ?? textIn(archive, "source_file");
  if (path !== undefined) return path;
  const content = textIn(archive, "source_content");
  if (content !== undefined) return { ZipFile: content };
  const sources = archive.written("source");
  const [first] = isList(sources) ? sources : [];
  return isEntries(first) ? { ZipFile: jsonOf(first.content) } : undefined;
}
