import type { Place } from "../../../definition/places.ts";
import { parseJson } from "../../../values/json.ts";
import {
  type Attribute,
  type Block,
  type Body,
  ELEMENT,
  type Expression,
  HclFault,
} from "./hcl-syntax.ts";

/** Parses an HCL file. Throws an HclFault for what Terraform would reject. */
export function parseHcl(text: string): Body {
  return new Parser(text).file();
}

/** Parses a single expression, as in `terraform console`. */
export function parseExpression(text: string): Expression {
  return new Parser(text).only();
}

/** JSON whose strings are HCL templates, as in `main.tf.json`. */
export function parseJsonExpression(text: string): Expression {
  return new Parser(text, { isJson: true }).only();
}

/** A file with `${…}` and `%{…}`, as for `templatefile()`. */
export function parseTemplateText(text: string): Expression {
  return new Parser(text).wholeTemplate();
}

const IDENTIFIER = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const HEREDOC = /<<(-?)([\p{L}_][\p{L}\p{N}_-]*)[ \t]*\r?\n/uy;
const BLANKS = /(?:[ \t\r\uFEFF]|(?:#|\/\/)[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const BLANKS_AND_LINES = /(?:\s|\uFEFF|(?:#|\/\/)[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const ESCAPE = /\\(?:([nrt"\\])|u([\da-fA-F]{4})|U([\da-fA-F]{8}))/y;
const JSON_STRING = /"(?:[^"\\]|\\.)*"/y;
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  '"': '"',
  "\\": "\\",
};

/** Binary operators by precedence, the lowest first. */
const OPERATORS = [
  ["||"],
  ["&&"],
  ["==", "!="],
  ["<=", ">=", "<", ">"],
  ["+", "-"],
  ["*", "/", "%"],
];

const DEEPEST = 150;

/** A part of a template: a string or an interpolation. */
type Part = string | Expression;

/** The end of a template part. */
type TemplateEnd = {
  readonly isQuoted: boolean;
  readonly end: number;
  /** Indentation to remove from the start of each line. */
  readonly indent?: number;
};
type Directive = { readonly word: string; readonly expression?: Expression; readonly loop?: Loop };
type Loop = { readonly key: string | undefined; readonly value: string; readonly of: Expression };

class Parser {
  readonly #text: string;
  readonly #isJson: boolean;
  /** The place of the source, if it is a string within another. */
  readonly #writtenAt: Place | undefined;
  #at = 0;
  #depth = 0;
  /** Whether line breaks count as spaces, as within brackets. */
  #isWithin = false;
  #lines: readonly number[] | undefined;

  constructor(
    text: string,
    { isJson = false, place }: { readonly isJson?: boolean; readonly place?: Place } = {},
  ) {
    this.#text = text;
    this.#isJson = isJson;
    this.#writtenAt = place;
  }

  file(): Body {
    const body = this.#body("");
    return body;
  }

  only(): Expression {
    return this.#within(true, () => {
      const expression = this.#expression();
      if (this.#at < this.#text.length) throw this.#unexpected("the end");
      return expression;
    });
  }

  wholeTemplate(): Expression {
    return this.#template({ isQuoted: false, end: this.#text.length });
  }

  // Places

  #place(at = this.#at): Place {
    if (this.#writtenAt !== undefined) return this.#writtenAt;
    this.#lines ??= [0, ...[...this.#text.matchAll(/\n/g)].map(({ index }) => index + 1)];
    let [low, high] = [0, this.#lines.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lines[middle] ?? 0) <= at) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: at - (this.#lines[low] ?? 0) + 1 };
  }

  #fault(problem: string, at = this.#at): HclFault {
    return new HclFault(problem, this.#place(at));
  }

  #unexpected(wanted: string): HclFault {
    const found = /\S[^\s\w]?\w{0,20}/uy;
    found.lastIndex = this.#at;
    const next = this.#at >= this.#text.length ? "the end of the file" : undefined;
    const shown =
      next ?? (this.#text[this.#at] === "\n" ? "the end of the line" : found.exec(this.#text)?.[0]);
    return this.#fault(`expected ${wanted}, found ${shown}.`);
  }

  // Characters

  #skip(): void {
    this.#match(this.#isWithin ? BLANKS_AND_LINES : BLANKS);
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text) ?? undefined;
    if (found !== undefined) this.#at += found[0].length;
    return found;
  }

  #peek(sign: string): boolean {
    this.#skip();
    return this.#text.startsWith(sign, this.#at);
  }

  #take(sign: string): boolean {
    const found = this.#peek(sign);
    if (found) this.#at += sign.length;
    return found;
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw this.#unexpected(`"${sign}"`);
  }

  #identifier(): string | undefined {
    this.#skip();
    return this.#match(IDENTIFIER)?.[0];
  }

  #name(what: string): string {
    const name = this.#identifier();
    if (name === undefined) throw this.#unexpected(what);
    return name;
  }

  /** Consumes the word if it comes next. */
  #word(word: string): boolean {
    const before = this.#at;
    if (this.#identifier() === word) return true;
    this.#at = before;
    return false;
  }

  #within<T>(isWithin: boolean, read: () => T): T {
    const before = this.#isWithin;
    this.#isWithin = isWithin;
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw this.#fault("this is nested too deeply for wsgw.");
    const result = read();
    this.#isWithin = before;
    this.#depth -= 1;
    return result;
  }

  // Structure

  #body(end: "" | "}"): Body {
    const attributes = new Map<string, Attribute>();
    const blocks: Block[] = [];
    for (;;) {
      this.#match(BLANKS_AND_LINES);
      if (end === "" ? this.#at >= this.#text.length : this.#take("}"))
        return { attributes, blocks };
      const start = this.#at;
      const name = this.#name(
        end === "" ? "a block or an attribute" : 'an attribute, a block or "}"',
      );
      if (this.#peek("=") && !this.#peek("==")) {
        this.#take("=");
        if (attributes.has(name)) throw this.#fault(`${name} is set twice.`, start);
        attributes.set(name, { name, value: this.#expression(), ...this.#place(start) });
      } else {
        blocks.push(this.#block(name, start));
      }
      this.#skip();
      const isLast = this.#at >= this.#text.length || this.#text[this.#at] === "}";
      if (!isLast && this.#text[this.#at] !== "\n") throw this.#unexpected("the end of the line");
    }
  }

  #block(type: string, start: number): Block {
    const labels: string[] = [];
    while (!this.#take("{")) {
      const label = this.#peek('"') ? this.#label() : this.#identifier();
      if (label === undefined) throw this.#unexpected('"=", a label or "{"');
      labels.push(label);
    }
    const body = this.#within(false, () => this.#body("}"));
    return { type, labels, body, ...this.#place(start) };
  }

  #label(): string {
    const start = this.#at;
    const value = this.#quoted();
    if (value.kind === "literal") return String(value.value);
    throw this.#fault("a label cannot be an expression.", start);
  }

  // Expressions

  #expression(): Expression {
    return this.#within(this.#isWithin, () => {
      const condition = this.#binary(0);
      if (!this.#take("?")) return condition;
      const yes = this.#expression();
      this.#expect(":");
      return { kind: "conditional", condition, yes, no: this.#expression(), ...placeOf(condition) };
    });
  }

  #binary(level: number): Expression {
    const operators = OPERATORS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = operators.find((each) => this.#peek(each));
      if (operator === undefined) return left;
      this.#take(operator);
      left = { kind: "binary", operator, left, right: this.#binary(level + 1), ...placeOf(left) };
    }
  }

  #unary(): Expression {
    this.#skip();
    const place = this.#place();
    for (const [sign, kind] of [
      ["!", "not"],
      ["-", "minus"],
    ] as const) {
      if (this.#take(sign))
        return this.#within(this.#isWithin, () => ({ kind, of: this.#unary(), ...place }));
    }
    return this.#steps(this.#term());
  }

  #term(): Expression {
    const place = this.#place();
    const sign = this.#text[this.#at];
    if (sign === '"') return this.#quoted();
    if (sign === "[") return this.#list(place);
    if (sign === "{") return this.#object(place);
    if (this.#take("(")) {
      const inner = this.#within(true, () => this.#expression());
      this.#expect(")");
      return inner;
    }
    const heredoc = this.#match(HEREDOC);
    if (heredoc !== undefined) return this.#heredoc(heredoc[2] ?? "", heredoc[1] === "-");
    const number = this.#match(NUMBER);
    if (number !== undefined) return { kind: "literal", value: Number(number[0]), ...place };
    const name = this.#identifier();
    if (name === undefined) throw this.#unexpected("an expression");
    if (name === "true" || name === "false")
      return { kind: "literal", value: name === "true", ...place };
    if (name === "null") return { kind: "literal", value: null, ...place };
    const called = this.#functionName(name);
    if (this.#take("(")) return this.#call(called, place);
    return { kind: "name", name, ...place };
  }

  /** Functions of providers are named `provider::aws::arn_parse`. */
  #functionName(name: string): string {
    let whole = name;
    while (this.#take("::")) whole += `::${this.#name("the name of a function")}`;
    return whole;
  }

  #call(name: string, place: Place): Expression {
    return this.#within(true, () => {
      const args: Expression[] = [];
      let isSpread = false;
      while (!this.#take(")")) {
        args.push(this.#expression());
        isSpread = this.#take("...");
        if (!this.#take(",") && !this.#peek(")")) throw this.#unexpected('"," or ")"');
      }
      return { kind: "call", name, args, isSpread, ...place };
    });
  }

  #list(place: Place): Expression {
    this.#expect("[");
    return this.#within(true, () => {
      if (this.#word("for")) return this.#for("]", place);
      const items: Expression[] = [];
      while (!this.#take("]")) {
        items.push(this.#expression());
        if (!this.#take(",") && !this.#peek("]")) throw this.#unexpected('"," or "]"');
      }
      return { kind: "list", items, ...place };
    });
  }

  #object(place: Place): Expression {
    this.#expect("{");
    const loop = this.#within(true, () => {
      const before = this.#at;
      if (this.#word("for") && !this.#peek("=") && !this.#peek(":")) return this.#for("}", place);
      this.#at = before;
      return undefined;
    });
    if (loop !== undefined) return loop;
    return this.#within(this.#isJson, () => {
      const items: (readonly [Expression, Expression])[] = [];
      for (;;) {
        this.#match(BLANKS_AND_LINES);
        if (this.#take("}")) return { kind: "object", items, ...place };
        const key = this.#objectKey();
        if (!this.#take("=") && !this.#take(":")) throw this.#unexpected('"=" or ":"');
        items.push([key, this.#expression()]);
        const ended = this.#take(",") || this.#peek("}") || this.#text[this.#at] === "\n";
        if (!ended) throw this.#unexpected('",", "}" or the end of the line');
      }
    });
  }

  /** A bare word is the key itself; an expression requires parentheses. */
  #objectKey(): Expression {
    const [before, place] = [this.#at, this.#place()];
    const name = this.#identifier();
    if (name !== undefined && (this.#peek("=") || this.#peek(":")))
      return { kind: "literal", value: name, ...place };
    this.#at = before;
    return this.#expression();
  }

  #for(end: "]" | "}", place: Place): Expression {
    const loop = this.#loop();
    this.#expect(":");
    const first = this.#expression();
    const itemKey = end === "}" ? first : undefined;
    if (end === "}") this.#expect("=>");
    const item = end === "}" ? this.#expression() : first;
    const isGrouped = this.#take("...");
    const when = this.#word("if") ? this.#expression() : undefined;
    this.#expect(end);
    return { kind: "for", ...loop, itemKey, item, isGrouped, when, isText: false, ...place };
  }

  #loop(): Loop {
    const first = this.#name("the name of a variable");
    const second = this.#take(",") ? this.#name("the name of a variable") : undefined;
    if (!this.#word("in")) throw this.#unexpected('"in"');
    const of = this.#expression();
    return second === undefined
      ? { key: undefined, value: first, of }
      : { key: first, value: second, of };
  }

  /** `.name`, `[key]`, `.*`, `[*]` after a term. */
  #steps(term: Expression): Expression {
    let expression = term;
    for (;;) {
      const place = placeOf(expression);
      if (this.#isAhead(/\.(?!\.)/y)) {
        this.#take(".");
        const number = this.#match(/\d+/y);
        if (number !== undefined) {
          expression = indexed(expression, Number(number[0]), place);
        } else if (this.#take("*")) {
          expression = { kind: "splat", of: expression, each: this.#attributes(place), ...place };
        } else {
          expression = { kind: "attribute", of: expression, name: this.#name("a name"), ...place };
        }
      } else if (this.#isAhead(/\[/y)) {
        this.#take("[");
        if (this.#isAhead(/\s*\*\s*\]/y)) {
          this.#within(true, () => {
            this.#expect("*");
            this.#expect("]");
          });
          const each = this.#steps({ kind: "name", name: ELEMENT, ...place });
          return { kind: "splat", of: expression, each, ...place };
        }
        const key = this.#within(true, () => this.#expression());
        this.#expect("]");
        expression = { kind: "index", of: expression, key, ...place };
      } else return expression;
    }
  }

  /** The names after `.*`, applied to every element; an index after them applies to the whole. */
  #attributes(place: Place): Expression {
    let each: Expression = { kind: "name", name: ELEMENT, ...place };
    while (this.#isAhead(/\.\s*[\p{L}_]/uy)) {
      this.#take(".");
      each = { kind: "attribute", of: each, name: this.#name("a name"), ...place };
    }
    return each;
  }

  #isAhead(pattern: RegExp): boolean {
    this.#skip();
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text);
  }

  // Templates

  #quoted(): Expression {
    if (this.#isJson) return this.#jsonString();
    this.#expect('"');
    const template = this.#template({ isQuoted: true, end: this.#text.length });
    if (this.#text[this.#at] !== '"') throw this.#unexpected('"\\""');
    this.#at += 1;
    return template;
  }

  #jsonString(): Expression {
    const place = this.#place();
    const text = parseJson(this.#match(JSON_STRING)?.[0] ?? "")?.value;
    if (typeof text !== "string") throw this.#unexpected("a string of JSON");
    return new Parser(text, { place }).wholeTemplate();
  }

  #heredoc(marker: string, isFlush: boolean): Expression {
    const start = this.#at;
    const closing = new RegExp(`^[ \\t]*${marker}[ \\t]*$`, "gmu");
    closing.lastIndex = start;
    const found = closing.exec(this.#text.replaceAll("\r", " "));
    if (found === null) throw this.#fault(`the heredoc ${marker} has no end.`, start);
    const indent = isFlush ? indentOf(this.#text.slice(start, found.index)) : 0;
    this.#skipIndent(indent);
    const template = this.#template({ isQuoted: false, end: found.index, indent });
    this.#at = found.index + found[0].length;
    return template;
  }

  #template(end: TemplateEnd): Expression {
    const place = this.#place();
    const { parts, ended } = this.#within(this.#isWithin, () => this.#parts(end));
    if (ended !== undefined) throw this.#fault(`%{ ${ended.word} } has no beginning.`);
    return templateOf(parts, place);
  }

  #skipIndent(most = 0): void {
    for (let at = 0; at < most && this.#text[this.#at] === " "; at += 1) this.#at += 1;
  }

  /** Parts up to the end, or to a directive such as `else` that ends them. */
  #parts(limit: TemplateEnd): { readonly parts: readonly Part[]; readonly ended?: Directive } {
    const parts: Part[] = [];
    let text = "";
    const flush = () => {
      if (text !== "") parts.push(text);
      text = "";
    };
    while (this.#at < limit.end) {
      const sign = this.#text.charAt(this.#at);
      const two = this.#text.slice(this.#at, this.#at + 2);
      const three = this.#text.slice(this.#at, this.#at + 3);
      if (limit.isQuoted && sign === '"') break;
      if (limit.isQuoted && sign === "\n")
        throw this.#fault("a string in quotes must end on the same line.");
      if (limit.isQuoted && sign === "\\") text += this.#escape();
      else if (three === "$${" || three === "%%{") {
        text += three.slice(1);
        this.#at += 3;
      } else if (two !== "${" && two !== "%{") {
        text += sign;
        this.#at += 1;
        if (sign === "\n") this.#skipIndent(limit.indent);
      } else {
        this.#at += 2;
        if (this.#text[this.#at] === "~") {
          this.#at += 1;
          text = withoutEnd(text);
        }
        flush();
        const part = this.#within(true, () =>
          two === "${" ? this.#expression() : this.#directive(),
        );
        this.#endOfSequence();
        if (!("word" in part)) parts.push(part);
        else if (part.word === "if" || part.word === "for") parts.push(this.#branch(part, limit));
        else return { parts, ended: part };
      }
    }
    flush();
    return { parts };
  }

  #endOfSequence(): void {
    const stripped = this.#within(true, () => {
      const isStripped = this.#take("~");
      this.#expect("}");
      return isStripped;
    });
    while (stripped && /\s/.test(this.#text[this.#at] ?? "")) {
      this.#at += 1;
      if (this.#text[this.#at - 1] === "\n") return; // it applies only to its own line
    }
  }

  #escape(): string {
    const found = this.#match(ESCAPE);
    if (found === undefined)
      throw this.#fault(`${this.#text.slice(this.#at, this.#at + 2)} is not an escape of HCL.`);
    const [, sign, short, long] = found;
    return sign === undefined
      ? String.fromCodePoint(Number.parseInt(short ?? long ?? "", 16))
      : (ESCAPES[sign] ?? "");
  }

  #directive(): Directive {
    const word = this.#name("if, for, else, endif or endfor");
    if (word === "if") return { word, expression: this.#expression() };
    if (word === "for") return { word, loop: this.#loop() };
    if (["else", "endif", "endfor"].includes(word)) return { word };
    throw this.#fault(`${word} is not a directive of a template.`);
  }

  #branch({ word, expression, loop }: Directive, limit: TemplateEnd): Expression {
    const place = this.#place();
    const first = this.#parts(limit);
    const item = templateOf(first.parts, place);
    if (loop !== undefined && first.ended?.word === "endfor") {
      const rest = { itemKey: undefined, isGrouped: false, when: undefined, isText: true };
      return { kind: "for", ...loop, ...rest, item, ...place };
    }
    const second =
      first.ended?.word === "else" ? this.#parts(limit) : { parts: [], ended: first.ended };
    if (expression === undefined || second.ended?.word !== "endif") {
      throw this.#fault(`%{ ${word} } has no %{ end${word} }.`);
    }
    const no = templateOf(second.parts, place);
    return { kind: "conditional", condition: expression, yes: item, no, ...place };
  }
}

function placeOf({ line, column }: Place): Place {
  return { line, column };
}

function indexed(of: Expression, index: number, place: Place): Expression {
  return { kind: "index", of, key: { kind: "literal", value: index, ...place }, ...place };
}

/** Text alone is a literal. */
function templateOf(parts: readonly Part[], place: Place): Expression {
  const [only = "", ...more] = parts;
  if (more.length === 0 && typeof only === "string")
    return { kind: "literal", value: only, ...place };
  return { kind: "template", parts, ...place };
}

/** `~` trims the spaces of its own line. */
function withoutEnd(text: string): string {
  const line = text.lastIndexOf("\n", text.length - 2) + 1;
  return text.slice(0, line) + text.slice(line).trimEnd();
}

/**
 * Common indentation of all lines of a heredoc. Ignores empty lines, and those whose line break `~` removed.
 */
function indentOf(text: string): number {
  const lines = text.split("\n");
  const counted = lines.filter(
    (line, at) => line.trim() !== "" && !/~\}\s*$/.test(lines[at - 1] ?? ""),
  );
  return Math.min(...counted.map((line) => line.search(/[^ ]/)), 1000);
}
