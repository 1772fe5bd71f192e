import type { YamlMap, YamlNode, YamlScalar, YamlTag } from "./yaml-nodes.ts";

/**
 * Parses `source` if it contains only the YAML that templates mostly use, or JSON; undefined for all else,
 * including errors. The package `yaml` reads all of YAML and takes twenty times as long: this saves most
 * projects the wait. It leaves anchors, aliases, multi-line scalars, tabs and errors to the package. If both
 * can read a file, the results are the same, including places.
 */
export function readPlainYaml(source: string): YamlNode | undefined {
  try {
    return new PlainYaml(source).read();
  } catch (error) {
    if (error === OTHER) return undefined;
    throw error;
  }
}

/** Stops parsing of other YAML. A single object, because creating a stack each time is slow. */
const OTHER = new Error("not plain YAML");

const DEEPEST = 60;
/** Keys of more than 1024 characters are an error of YAML. */
const LONGEST_KEY = 1000;
const NEVER_PLAIN = /[\t\r\uFEFF]|\n(?:---|\.\.\.)/;
const TAG = /![A-Za-z0-9]+(?=[ \n])/y;
const DOUBLE_QUOTED = /"(?:[^"\\\n]|\\["\\/bfnrtu])*"/y;
const SINGLE_QUOTED = /'(?:[^'\n]|'')*'/y;
const BLOCK_HEADER = /[|>]-? *(?: #[^\n]*)?\n/y;
/** Characters that cannot start a plain scalar, or for which the rules are not worth implementing. */
const NO_PLAIN_START = /[-?:,[\]{}#&*!|>'"%@`]/;
const FLOW_PLAIN = /(?:[^\s,[\]{}#:]|:(?=[^\s,[\]{}])|#| +(?=[^\s,[\]{}#:]))+/y;

class PlainYaml {
  readonly #text: string;
  #at = 0;
  #lineStart = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): YamlNode {
    if (NEVER_PLAIN.test(this.#text) || this.#text.startsWith("...")) throw OTHER;
    if (this.#text.startsWith("---\n")) this.#at = 3;
    this.#toContent();
    if (this.#isAtEnd()) throw OTHER;
    const node = this.#block(-1);
    this.#toContent();
    if (!this.#isAtEnd()) throw OTHER;
    return node;
  }

  /** A value that starts at the current column, within a parent at the column `parent`. */
  #block(parent: number, tag?: YamlTag): YamlNode {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw OTHER;
    const node = this.#blockNode(parent, tag);
    this.#depth -= 1;
    return node;
  }

  #blockNode(parent: number, tag: YamlTag | undefined): YamlNode {
    const column = this.#column();
    if (this.#isDash()) return this.#list(column, tag);
    if (this.#text[this.#at] === "!") {
      if (tag !== undefined) throw OTHER;
      return this.#afterTag(parent);
    }
    const start = this.#at;
    const key = this.#key();
    if (key !== undefined) return this.#map(column, key, tag);
    this.#at = start;
    return this.#inLine(parent, tag);
  }

  #list(column: number, tag: YamlTag | undefined): YamlNode {
    const offset = this.#at;
    const items: YamlNode[] = [];
    do {
      this.#at += 1;
      items.push(this.#item(column));
    } while (this.#isNext(column) && this.#isDash());
    // a list may be at the column of the key before it; then the next key is there too
    this.#endBlock(column);
    return { kind: "list", items, offset, tag };
  }

  #item(column: number): YamlNode {
    this.#skipSpaces();
    if (!this.#isEndOfLine()) return this.#block(column);
    this.#toContent();
    if (this.#isAtEnd() || this.#column() <= column) throw OTHER;
    return this.#block(column);
  }

  #map(column: number, first: YamlScalar, tag: YamlTag | undefined): YamlMap {
    const items = [{ key: first, value: this.#value(column) }];
    while (this.#isNext(column)) {
      const key = this.#key();
      if (key === undefined) throw OTHER;
      items.push({ key, value: this.#value(column) });
    }
    this.#endBlock(column);
    return { kind: "map", items, offset: first.offset, tag };
  }

  /** Content further right would be part of the block, with other indentation. */
  #endBlock(column: number): void {
    if (!this.#isAtEnd() && this.#column() > column) throw OTHER;
  }

  /** Whether more content starts at a column. */
  #isNext(column: number): boolean {
    this.#toContent();
    return !this.#isAtEnd() && this.#column() === column;
  }

  /** The key that starts here, with its colon; undefined if no key starts here. */
  #key(): YamlScalar | undefined {
    const offset = this.#at;
    const char = this.#text[offset] ?? "";
    if (char === '"' || char === "'") {
      const key = this.#quoted();
      if (!this.#isColon()) return undefined;
      this.#at += 1;
      return key;
    }
    if (NO_PLAIN_START.test(char)) return undefined;
    const key = this.#plain();
    if (!this.#isColon()) return undefined;
    if (key.text.length > LONGEST_KEY) throw OTHER;
    this.#at += 1;
    return key;
  }

  /** The value of a key at a column: on the line of the key, or below. */
  #value(column: number): YamlNode {
    this.#skipSpaces();
    if (!this.#isEndOfLine()) {
      return this.#text[this.#at] === "!" ? this.#afterTag(column) : this.#inLine(column);
    }
    this.#toContent();
    if (this.#isAtEnd()) throw OTHER;
    if (this.#column() > column || (this.#column() === column && this.#isDash()))
      return this.#block(column);
    throw OTHER; // a key without a value, which is a warning
  }

  #afterTag(parent: number): YamlNode {
    const tag = this.#tag();
    this.#skipSpaces();
    if (!this.#isEndOfLine()) return this.#inLine(parent, tag);
    this.#toContent();
    if (this.#isAtEnd() || this.#column() <= parent) throw OTHER;
    return this.#block(parent, tag);
  }

  #tag(): YamlTag {
    const offset = this.#at;
    return { name: this.#take(TAG), offset };
  }

  /** A value that ends with its line or its brackets, or a block scalar. */
  #inLine(parent: number, tag?: YamlTag): YamlNode {
    const char = this.#text[this.#at] ?? "";
    if (char === "|" || char === ">") return this.#blockOfText(parent, tag);
    if (char === "[" || char === "{") return this.#flow(parent, tag);
    if (char === '"' || char === "'") return this.#quoted(tag);
    return this.#plainFrom(char, tag);
  }

  #plainFrom(char: string, tag: YamlTag | undefined): YamlScalar {
    const isNumber = char === "-" && /\d/.test(this.#text[this.#at + 1] ?? "");
    if (!isNumber && NO_PLAIN_START.test(char)) throw OTHER;
    return this.#plain(tag);
  }

  /** Up to a colon, a comment or the end of the line. */
  #plain(tag?: YamlTag): YamlScalar {
    const text = this.#text;
    const offset = this.#at;
    let end = offset;
    for (let at = offset; at < text.length; at += 1) {
      const char = text[at];
      if (char === "\n") break;
      if (char === ":" && this.#isBreak(at + 1)) break;
      if (char === "#" && text[at - 1] === " ") break;
      if (char !== " ") end = at + 1;
    }
    this.#at = end;
    return { kind: "scalar", text: text.slice(offset, end), isPlain: true, offset, tag };
  }

  #quoted(tag?: YamlTag): YamlScalar {
    const offset = this.#at;
    const isDouble = this.#text[offset] === '"';
    const written = this.#take(isDouble ? DOUBLE_QUOTED : SINGLE_QUOTED);
    const text = isDouble ? unescaped(written) : written.slice(1, -1).replaceAll("''", "'");
    return { kind: "scalar", text, isPlain: false, offset, tag };
  }

  /** `|` and `>`, with or without `-`. */
  #blockOfText(parent: number, tag: YamlTag | undefined): YamlScalar {
    const offset = this.#at;
    const header = this.#take(BLOCK_HEADER);
    const { lines, isEnded } = this.#linesBelow(parent);
    if (!isEnded && header[1] !== "-") throw OTHER; // the last line has no line break to keep
    const isFolded = header[0] === ">";
    const text = isFolded ? folded(lines) : lines.join("\n");
    const end = header[1] === "-" ? "" : "\n";
    return { kind: "scalar", text: text + end, isPlain: false, offset, tag };
  }

  /** The lines of a block scalar without their indentation, and without trailing empty lines. */
  #linesBelow(parent: number): { readonly lines: readonly string[]; readonly isEnded: boolean } {
    const text = this.#text;
    const lines: string[] = [];
    let indent: number | undefined;
    let filled = 0;
    while (this.#at < text.length) {
      const newline = text.indexOf("\n", this.#at);
      const end = newline === -1 ? text.length : newline;
      const line = text.slice(this.#at, end);
      const spaces = line.search(/[^ ]|$/);
      const isBlank = spaces === line.length;
      indent ??= isBlank ? undefined : spaces;
      if (isBlank ? spaces > (indent ?? parent + 1) : spaces < (indent ?? 0)) {
        if (isBlank) throw OTHER; // spaces that may be part of the text
        break;
      }
      lines.push(isBlank ? "" : line.slice(indent));
      if (!isBlank) filled = lines.length;
      this.#at = Math.min(end + 1, text.length);
      this.#lineStart = this.#at;
    }
    if (indent === undefined || indent <= parent) throw OTHER;
    return { lines: lines.slice(0, filled), isEnded: text[this.#at - 1] === "\n" };
  }

  /** A list in `[]` or a map in `{}`. */
  #flow(parent: number, tag?: YamlTag): YamlNode {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw OTHER;
    const offset = this.#at;
    const isMap = this.#text[offset] === "{";
    const close = isMap ? "}" : "]";
    this.#at += 1;
    const values: YamlNode[] = [];
    const pairs: { key: YamlScalar; value: YamlNode }[] = [];
    this.#toFlowContent(parent);
    while (this.#text[this.#at] !== close) {
      if (isMap) pairs.push({ key: this.#flowKey(), value: this.#flowValue(parent) });
      else values.push(this.#flowValue(parent));
      this.#toFlowContent(parent);
      if (this.#text[this.#at] === close) break;
      if (this.#text[this.#at] !== ",") throw OTHER;
      this.#at += 1;
      this.#toFlowContent(parent);
      if (this.#text[this.#at] === close) throw OTHER;
    }
    this.#at += 1;
    this.#depth -= 1;
    return isMap
      ? { kind: "map", items: pairs, offset, tag }
      : { kind: "list", items: values, offset, tag };
  }

  #flowKey(): YamlScalar {
    const key = this.#flowScalar();
    if (key.text.length > LONGEST_KEY) throw OTHER;
    if (!key.isPlain) this.#skipSpaces();
    if (this.#text[this.#at] !== ":" || (key.isPlain && !this.#isBreak(this.#at + 1))) throw OTHER;
    this.#at += 1;
    return key;
  }

  #flowValue(parent: number): YamlNode {
    this.#toFlowContent(parent);
    let tag: YamlTag | undefined;
    if (this.#text[this.#at] === "!") {
      tag = this.#tag();
      this.#skipSpaces();
    }
    const char = this.#text[this.#at];
    return char === "[" || char === "{" ? this.#flow(parent, tag) : this.#flowScalar(tag);
  }

  #flowScalar(tag?: YamlTag): YamlScalar {
    const offset = this.#at;
    const char = this.#text[offset] ?? "";
    if (char === '"' || char === "'") return this.#quoted(tag);
    const isNumber = char === "-" && /\d/.test(this.#text[offset + 1] ?? "");
    if (!isNumber && NO_PLAIN_START.test(char)) throw OTHER;
    return { kind: "scalar", text: this.#take(FLOW_PLAIN), isPlain: true, offset, tag };
  }

  /** Skips spaces, line breaks and comments within brackets, which must stay right of `parent`. */
  #toFlowContent(parent: number): void {
    if (this.#text[this.#at] !== " " && this.#text[this.#at] !== "\n") return;
    const line = this.#lineStart;
    this.#toContent();
    if (this.#isAtEnd() || (this.#lineStart !== line && this.#column() <= parent)) throw OTHER;
  }

  /** Skips spaces, empty lines and comments. */
  #toContent(): void {
    const text = this.#text;
    for (;;) {
      const char = text[this.#at];
      if (char === "\n") this.#lineStart = this.#at + 1;
      else if (char === "#" && this.#isAfterSpace()) {
        const end = text.indexOf("\n", this.#at);
        this.#at = end === -1 ? text.length : end;
        continue;
      } else if (char !== " ") return;
      this.#at += 1;
    }
  }

  #isAfterSpace(): boolean {
    return this.#at === this.#lineStart || this.#text[this.#at - 1] === " ";
  }

  #skipSpaces(): void {
    while (this.#text[this.#at] === " ") this.#at += 1;
  }

  /** Whether the rest of this line contains at most a comment. */
  #isEndOfLine(): boolean {
    const char = this.#text[this.#at];
    return char === undefined || char === "\n" || (char === "#" && this.#isAfterSpace());
  }

  #isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  #isDash(): boolean {
    return this.#text[this.#at] === "-" && this.#isBreak(this.#at + 1);
  }

  #isColon(): boolean {
    return this.#text[this.#at] === ":" && this.#isBreak(this.#at + 1);
  }

  #isBreak(at: number): boolean {
    const char = this.#text[at];
    return char === undefined || char === " " || char === "\n";
  }

  #column(): number {
    return this.#at - this.#lineStart;
  }

  /** The match of a sticky regular expression here. */
  #take(expression: RegExp): string {
    expression.lastIndex = this.#at;
    const [match] = expression.exec(this.#text) ?? [];
    if (match === undefined) throw OTHER;
    this.#at += match.length;
    return match;
  }
}

function unescaped(written: string): string {
  if (!written.includes("\\")) return written.slice(1, -1);
  try {
    return JSON.parse(written) as string;
  } catch {
    throw OTHER; // an incomplete escape
  }
}

/** Joins lines as `>` does. */
function folded(lines: readonly string[]): string {
  let text = "";
  let empty = 0;
  for (const line of lines) {
    if (line.startsWith(" ")) throw OTHER; // these lines are kept unchanged
    if (line === "") empty += 1;
    else {
      text += (empty > 0 ? "\n".repeat(empty) : text === "" ? "" : " ") + line;
      empty = 0;
    }
  }
  return text;
}
