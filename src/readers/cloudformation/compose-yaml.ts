import { createRequire } from "node:module";
import type { CST, Document, Range, Tags } from "yaml";
import { SHORT_TAGS } from "./rules/short-tags.ts";
import type { YamlNode, YamlTag } from "./rules/yaml-nodes.ts";

export type Composed = {
  /** Documents with content. */
  readonly documents: readonly {
    readonly offset: number;
    readonly content: YamlNode | undefined;
  }[];
  readonly errors: readonly {
    readonly code: string;
    readonly message: string;
    readonly offset: number;
  }[];
  /** Offset where the text goes deeper than anything that would be read. */
  readonly tooDeepAt?: number;
};

/** Loaded only if needed: its 70 modules take as long to load as reading many templates. */
const yamlPackage = (): typeof import("yaml") => createRequire(import.meta.url)("yaml");

/**
 * Parses token by token and stops at hopeless nesting: the parser takes half a minute for a megabyte of brackets.
 * Scalars stay text, for `plainScalar` to read.
 */
export function composeYaml(text: string, deepest: number): Composed {
  const { Composer, CST, Lexer, Parser } = yamlPackage();
  const parser = new Parser();
  const composer = new Composer(composerOptions);
  const composed: Document.Parsed[] = [];
  const depth = new Depth(deepest);
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (depth.isExceededBy(CST.tokenType(lexeme)))
      return { documents: [], errors: [], tooDeepAt: offset };
    for (const token of parser.next(lexeme)) composed.push(...composer.next(token));
    offset = parser.offset;
  }
  for (const token of parser.end()) composed.push(...composer.next(token));
  composed.push(...composer.end(false, text.length));
  const errors = composed.flatMap((document) =>
    document.errors.map(({ code, message, pos }) => ({ code, message, offset: pos[0] })),
  );
  return { errors, documents: errors.length > 0 ? [] : contentsOf(composed, text, deepest) };
}

function contentsOf(
  composed: readonly Document.Parsed[],
  text: string,
  deepest: number,
): Composed["documents"] {
  const nodeOf = converter(text, deepest);
  return composed.flatMap(({ contents, range }) => {
    if (contents === null) return [];
    const content = nodeOf(contents, 0);
    const isEmpty = content?.kind === "scalar" && content.text === "";
    return isEmpty ? [] : [{ offset: range[0], content }];
  });
}

/** Tags that the composer does not know take it long: it makes a warning of each, with a stack. */
const composerOptions = {
  schema: "failsafe",
  prettyErrors: false,
  uniqueKeys: false,
  customTags: SHORT_TAGS.flatMap(
    (tag): Tags => [
      { tag, resolve: (text: string) => text },
      { tag, collection: "map", resolve: (map) => map },
      { tag, collection: "seq", resolve: (seq) => seq },
    ],
  ),
} as const;

/** How deep tokens nest in brackets and in what can be repeated on a line: `- - -`, `? ?`, tags, anchors. */
class Depth {
  readonly #deepest: number;
  #brackets = 0;
  #repeated = 0;

  constructor(deepest: number) {
    this.#deepest = deepest;
  }

  isExceededBy(type: CST.TokenType | null): boolean {
    switch (type) {
      case "flow-map-start":
      case "flow-seq-start":
        this.#brackets += 1;
        break;
      case "flow-map-end":
      case "flow-seq-end":
        this.#brackets -= 1;
        break;
      case "seq-item-ind":
      case "explicit-key-ind":
      case "tag":
      case "anchor":
        this.#repeated += 1;
        break;
      case "scalar":
      case "alias":
      case "newline":
        this.#repeated = 0;
        break;
    }
    return this.#brackets > this.#deepest || this.#repeated > this.#deepest;
  }
}

/** Converts nodes of the package, down to the maximum depth that readers use. */
function converter(text: string, deepest: number) {
  const { isAlias, isMap, isScalar, isSeq } = yamlPackage();
  const tagOf = (tag: string | undefined, offset: number): YamlTag | undefined => {
    if (tag === undefined) return undefined;
    const found = text.lastIndexOf(tag.replace(YAML_TAG, "!!"), offset);
    return { name: tag, offset: found === -1 ? offset : found };
  };
  const nodeOf = (node: unknown, depth: number): YamlNode | undefined => {
    if (isAlias(node)) return { kind: "alias", name: node.source, offset: startOf(node) };
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return undefined;
    const offset = startOf(node);
    const { anchor } = node;
    const common = { offset, anchor, tag: tagOf(node.tag, offset) };
    if (isScalar(node)) {
      const isPlain = node.type === "PLAIN";
      return { kind: "scalar", text: String(node.value ?? ""), isPlain, ...common };
    }
    const below = depth <= deepest;
    if (isSeq(node)) {
      const items = below ? node.items.map((item) => nodeOf(item, depth + 1)) : [];
      return { kind: "list", items, ...common };
    }
    const pairOf = ({ key, value }: { key: unknown; value: unknown }) => ({
      key: nodeOf(key, depth + 1),
      value: nodeOf(value, depth + 1),
    });
    return { kind: "map", items: below ? node.items.map(pairOf) : [], ...common };
  };
  return nodeOf;
}

const YAML_TAG = "tag:yaml.org,2002:";

function startOf({ range }: { readonly range?: Range | null | undefined }): number {
  return range?.[0] ?? 0;
}
