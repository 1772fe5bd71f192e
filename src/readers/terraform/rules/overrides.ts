import { type Attribute, type Block, type Body, HclFault } from "./hcl-syntax.ts";
import type { SourceFile } from "./module.ts";

/**
 * Applies override files to the files of a module: they replace single attributes and types of blocks. Throws
 * an HclFault for a block that overrides nothing.
 * @see https://developer.hashicorp.com/terraform/language/files/override
 */
export function withOverrides(
  files: readonly SourceFile[],
  overrides: readonly SourceFile[],
): readonly SourceFile[] {
  return overrides.reduce(overridden, files);
}

function overridden(files: readonly SourceFile[], override: SourceFile): readonly SourceFile[] {
  return override.body.blocks.reduce((all, block) => withBlock(all, block, override.file), files);
}

function withBlock(
  files: readonly SourceFile[],
  block: Block,
  from: string,
): readonly SourceFile[] {
  if (block.type === "terraform") return files;
  if (block.type === "locals") return withLocals(files, block, from);
  const name = nameOf(block);
  const isMeant = (each: Block) => nameOf(each) === name;
  if (!files.some(({ body }) => body.blocks.some(isMeant))) {
    throw new HclFault(`${name} does not exist, so it cannot be overridden.`, block, from);
  }
  return changed(files, (each) => (isMeant(each) ? merged(each, block, from) : each));
}

/** Local values are overridden one by one, in any block. */
function withLocals(
  files: readonly SourceFile[],
  block: Block,
  from: string,
): readonly SourceFile[] {
  const attributes = [...attributesFrom(block.body, from)];
  return changed(files, (each) => {
    if (each.type !== "locals") return each;
    const own = attributes.filter(([name]) => each.body.attributes.has(name));
    const body = { ...each.body, attributes: new Map([...each.body.attributes, ...own]) };
    return { ...each, body };
  });
}

function changed(
  files: readonly SourceFile[],
  change: (block: Block) => Block,
): readonly SourceFile[] {
  return files.map(({ file, body }) => ({
    file,
    body: { ...body, blocks: body.blocks.map(change) },
  }));
}

function merged(block: Block, override: Block, from: string): Block {
  const types = new Set(override.body.blocks.map(typeOf));
  const kept = block.body.blocks.filter((each) => !types.has(typeOf(each)));
  const attributes = new Map([...block.body.attributes, ...attributesFrom(override.body, from)]);
  return { ...block, body: { attributes, blocks: [...kept, ...override.body.blocks] } };
}

function attributesFrom(body: Body, file: string): readonly (readonly [string, Attribute])[] {
  return [...body.attributes].map(([name, attribute]) => [name, { ...attribute, file }]);
}

function nameOf({ type, labels }: Block): string {
  return [type, ...labels].join(".");
}

function typeOf({ type, labels }: Block): string {
  return type === "dynamic" ? (labels[0] ?? "") : type;
}
