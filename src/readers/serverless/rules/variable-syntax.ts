import type { Json } from "../../cloudformation/rules/origins.ts";

/** A part of a service's string: literal text or a variable. */
export type Part = string | Variable;

export type Variable = {
  /** As written, for example `${opt:stage, 'dev'}`. */
  readonly text: string;
  /** The first with a value counts. */
  readonly sources: readonly Source[];
};

export type Source = { readonly literal: Json } | SourceCall;

/** `file(./a.yml):b.c` has the type `file`, one parameter and the address `b.c`. */
export type SourceCall = {
  readonly type: string;
  readonly parameters: readonly (readonly Part[])[];
  readonly address: readonly Part[];
};

export type Parsed =
  | { readonly kind: "parts"; readonly parts: readonly Part[] }
  /** Ends a sentence that begins with the string. */
  | { readonly kind: "broken"; readonly problem: string };

/** Invalid variable syntax. */
class Broken extends Error {}

/**
 * Splits a string at its variables. `${AWS::Region}` and others of CloudFormation stay; `\${` is a literal
 * `${`.
 * @see https://www.serverless.com/framework/docs/guides/variables
 */
export function parseVariables(text: string): Parsed {
  if (!text.includes("${")) return { kind: "parts", parts: [text] };
  try {
    return { kind: "parts", parts: new Scanner(text).parts("") };
  } catch (error) {
    if (error instanceof Broken) return { kind: "broken", problem: error.message };
    throw error;
  }
}

const ESCAPED = /\\+(?=\$\{)/y;
const BLANKS = /\s*/y;
const WORD = /[A-Za-z0-9.-]+/y;
/** The start of a Serverless variable, not of a CloudFormation one. */
const OPENING = /\$\{(?=[a-z][A-Za-z0-9]*(?:\(|:(?!:)))/y;
const QUOTED = /"(?:\\.|[^"\\])*"|'[^']*'/y;

class Scanner {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Parts up to one of the characters `ends`, or to the end if that is empty. */
  parts(ends: string): readonly Part[] {
    const parts: Part[] = [];
    let own = "";
    while (this.#at < this.#text.length) {
      const slashes = this.#take(ESCAPED)?.length ?? 0;
      own += "\\".repeat(Math.floor(slashes / 2));
      if (slashes % 2 === 1) {
        own += "${";
        this.#at += 2;
        continue;
      }
      const char = this.#text[this.#at] ?? "";
      if (ends.includes(char)) break;
      const variable = this.#variable();
      if (variable === undefined) {
        if (ends !== "" && this.#text.startsWith("${", this.#at)) throw this.#broken(BAD_SOURCE);
        own += char;
        this.#at += 1;
        continue;
      }
      if (own !== "") parts.push(own);
      own = "";
      parts.push(variable);
    }
    return own !== "" || parts.length === 0 ? [...parts, own] : parts;
  }

  /** Undefined if none begins here. */
  #variable(): Variable | undefined {
    const start = this.#at;
    if (this.#take(OPENING) === undefined) return undefined;
    this.#depth += 1;
    if (this.#depth > MOST_NESTED) throw this.#broken("nests variables too deeply");
    const sources: Source[] = [];
    do {
      sources.push(this.#source());
      this.#take(BLANKS);
    } while (this.#skip(","));
    if (!this.#skip("}")) throw this.#broken("has a variable without its closing }");
    this.#depth -= 1;
    return { text: this.#text.slice(start, this.#at), sources };
  }

  #source(): Source {
    this.#take(BLANKS);
    const quoted = this.#take(QUOTED);
    if (quoted !== undefined) return { literal: unquoted(quoted) };
    const word = this.#take(WORD);
    if (word === undefined) throw this.#broken(BAD_SOURCE);
    this.#take(BLANKS);
    const parameters = this.#skip("(") ? this.#parameters() : undefined;
    if (this.#skip(":"))
      return { type: word, parameters: parameters ?? [], address: this.#value(",}") };
    if (parameters !== undefined) return { type: word, parameters, address: [] };
    if (Object.hasOwn(LITERALS, word)) return { literal: LITERALS[word] ?? null };
    const literal = Number(word);
    if (Number.isNaN(literal)) throw this.#broken(`has ${word} without quotes or a colon`);
    return { literal };
  }

  #parameters(): readonly (readonly Part[])[] {
    const parameters: (readonly Part[])[] = [];
    this.#take(BLANKS);
    while (!this.#skip(")")) {
      parameters.push(this.#value(",)}"));
      this.#take(BLANKS);
      if (!this.#skip(",") && this.#text[this.#at] !== ")") {
        throw this.#broken("has a variable without its closing )");
      }
      this.#take(BLANKS);
    }
    this.#take(BLANKS);
    return parameters;
  }

  /** A parameter or an address, trimmed. */
  #value(ends: string): readonly Part[] {
    this.#take(BLANKS);
    const quoted = this.#take(QUOTED);
    if (quoted !== undefined) return [unquoted(quoted)];
    const parts = this.parts(ends);
    const last = parts.at(-1);
    const trimmed = typeof last === "string" ? [...parts.slice(0, -1), last.trimEnd()] : parts;
    return trimmed.filter((part) => part !== "");
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    this.#at += found?.length ?? 0;
    return found;
  }

  #skip(char: string): boolean {
    const found = this.#text[this.#at] === char;
    if (found) this.#at += 1;
    return found;
  }

  #broken(problem: string): Broken {
    return new Broken(`${problem}, at character ${this.#at + 1}`);
  }
}

const BAD_SOURCE = "has a variable whose source cannot be read";
const MOST_NESTED = 50;
const LITERALS: Readonly<Record<string, Json>> = { true: true, false: false, null: null };

function unquoted(text: string): string {
  if (text.startsWith("'")) return text.slice(1, -1);
  try {
    return String(JSON.parse(text));
  } catch {
    throw new Broken(`has the string ${text}, which is not valid JSON`);
  }
}
