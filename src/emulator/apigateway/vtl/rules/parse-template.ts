import {
  type Block,
  type Expression,
  type Macro,
  OPERATORS,
  type Operator,
  type ParsedTemplate,
  type Reference,
  type Step,
  TemplateFault,
  type TemplateNode,
} from "./syntax.ts";

const IDENTIFIER = /[A-Za-z_][\w-]*/y;
const NUMBER = /-?(?:\d+(?:\.\d+(?:[eE][-+]?\d+)?|[eE][-+]?\d+|\.(?!\.))?|\.\d+)/y;
const BLANKS = /[ \t]*/y;
const SPACE = /[ \t\r\n]*/y;
/** `)`, `#end` and `#else` also consume spaces up to the end of the line, and the line break. */
const REST_OF_LINE = /[ \t]*(?:\r\n|\n|\r)/y;
const DIRECTIVE = /#(@?)(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/y;
const REFERENCE = /\$!?\{?[A-Za-z_]/y;
const ESCAPED_BANG = /\$(\\+)!(?=\{?[A-Za-z_])/y;
const WORD_OPERATORS: Readonly<Record<string, Operator>> = {
  or: "||",
  and: "&&",
  eq: "==",
  ne: "!=",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
};
const OPERATOR = /\|\||&&|==|!=|<=|>=|[<>+\-*/%]|(?:or|and|eq|ne|lt|le|gt|ge)(?![\w-])/y;
const DIRECTIVES: ReadonlySet<string> = new Set([
  ...["set", "if", "elseif", "else", "end", "foreach", "macro", "define", "evaluate", "break"],
  ...["stop", "literal", "parse", "include"],
]);
/** Maximum nesting of expressions, blocks and strings. */
const DEEPEST = 100;

/** Parses a template as Velocity 1.7 does, including whitespace and backslashes. Throws a TemplateFault. */
export function parseTemplate(source: string): ParsedTemplate {
  const macros = new Map<string, Macro>();
  const parser = new Parser(source, macros, 0, 0);
  return { body: parser.template(), macros };
}

class Parser {
  readonly #source: string;
  readonly #macros: Map<string, Macro>;
  /** Offset of the source in the whole template, for a template within a string. */
  readonly #start: number;
  #at = 0;
  #depth: number;

  constructor(source: string, macros: Map<string, Macro>, start: number, depth: number) {
    this.#source = source;
    this.#macros = macros;
    this.#start = start;
    this.#depth = depth;
  }

  template(): Block {
    return this.#block([]).body;
  }

  /** Parses up to one of the directives `until`, or to the end of the source. */
  #block(until: readonly string[]) {
    this.#deeper();
    const nodes = new Nodes();
    for (;;) {
      const at = this.#at;
      if (at >= this.#source.length) {
        this.#depth -= 1;
        return { body: nodes.all(), end: undefined };
      }
      const name = this.#source[at] === "#" ? this.#directiveAt(at)?.name : undefined;
      if (name !== undefined && until.includes(name)) {
        this.#depth -= 1;
        return { body: nodes.all(), end: { name, at } };
      }
      this.#node(nodes);
    }
  }

  /** The body of a block directive, with its `#end`. */
  #body(of: string, offset: number): Block {
    const { body, end } = this.#block(["end"]);
    if (end === undefined) throw this.#fault(`#${of} has no #end`, offset);
    this.#endOfBlock();
    return body;
  }

  #endOfBlock(): void {
    this.#match(DIRECTIVE);
    this.#match(REST_OF_LINE);
  }

  #node(nodes: Nodes): void {
    switch (this.#source[this.#at]) {
      case "\\":
        this.#backslashes(nodes);
        break;
      case "$":
        this.#dollar(nodes, "");
        break;
      case "#":
        this.#hash(nodes);
        break;
      default:
        nodes.text(this.#match(/[^\\$#]+/y) ?? "");
    }
  }

  #backslashes(nodes: Nodes): void {
    const run = this.#match(/\\+/y) ?? "";
    if (this.#matches(REFERENCE)) {
      this.#dollar(nodes, run);
      return;
    }
    const directive = this.#directiveAt(this.#at);
    const isKnown =
      directive !== undefined &&
      (DIRECTIVES.has(directive.name) || this.#macros.has(directive.name));
    // Velocity keeps both of two backslashes before `#set`, whose token includes its bracket
    const isHalved = isKnown && (run.length % 2 === 1 || directive.name !== "set");
    nodes.text(isHalved ? "\\".repeat(Math.floor(run.length / 2)) : run);
    if (directive !== undefined && !(isKnown && run.length % 2 === 0)) {
      nodes.text(directive.text);
      this.#at += directive.text.length;
    }
    nodes.boundary();
  }

  #dollar(nodes: Nodes, backslashes: string): void {
    if (this.#matches(REFERENCE)) {
      nodes.add(this.#reference(backslashes));
      return;
    }
    const bang = this.#exec(ESCAPED_BANG);
    if (bang !== null) {
      const rest = this.#match(/[\w{}.-]+/y) ?? "";
      nodes.text(`${backslashes}$${(bang[1] ?? "").slice(1)}!${rest}`);
      return;
    }
    nodes.text(`${backslashes}$`);
    this.#at += 1;
  }

  #reference(backslashes: string): Reference {
    const offset = this.#start + this.#at;
    const from = this.#at;
    const [opening = ""] = this.#exec(/\$!?\{?/y) ?? [];
    const name = this.#match(IDENTIFIER) ?? "";
    this.#deeper();
    const steps = this.#steps();
    this.#depth -= 1;
    if (opening.endsWith("{") && this.#match(/\}/y) === undefined) {
      throw this.#fault(`${this.#source.slice(from, this.#at)} has no }`, from);
    }
    const isEscaped = backslashes.length % 2 === 1;
    return {
      type: "reference",
      name,
      steps,
      isQuiet: opening.startsWith("$!"),
      literal: this.#source.slice(from, this.#at),
      backslashes: backslashes.slice(0, Math.floor(backslashes.length / 2)),
      isEscaped,
      offset,
    };
  }

  #steps(): readonly Step[] {
    const steps: Step[] = [];
    for (;;) {
      const offset = this.#start + this.#at;
      if (this.#match(/\[/y) !== undefined) {
        this.#match(SPACE);
        const index = this.#primary();
        this.#match(SPACE);
        this.#expect("]", "the index");
        steps.push({ kind: "index", index, offset });
        continue;
      }
      const property = this.#exec(/\.([A-Za-z_][\w-]*)/y);
      if (property === null) return steps;
      const [, name = ""] = property;
      if (this.#match(/\(/y) === undefined) steps.push({ kind: "property", name, offset });
      else steps.push({ kind: "method", name, args: this.#args(), offset });
    }
  }

  /** Arguments up to the closing bracket, separated by commas. */
  #args(): readonly Expression[] {
    const args: Expression[] = [];
    this.#match(SPACE);
    while (this.#source[this.#at] !== ")") {
      if (args.length > 0) {
        this.#expect(",", "the arguments");
        this.#match(SPACE);
      }
      args.push(this.#primary());
      this.#match(SPACE);
    }
    this.#at += 1;
    return args;
  }

  #hash(nodes: Nodes): void {
    if (this.#comment()) {
      nodes.boundary();
      return;
    }
    const raw = this.#rawText();
    if (raw !== undefined) {
      nodes.text(raw);
      nodes.boundary();
      return;
    }
    const directive = this.#directiveAt(this.#at);
    if (directive === undefined) {
      this.#at += 1;
      nodes.text("#");
      nodes.boundary();
      return;
    }
    const from = this.#at;
    this.#at += directive.text.length;
    const node = this.#directive(directive, from, nodes);
    if (node !== undefined) nodes.add(node);
  }

  #comment(): boolean {
    if (this.#source.startsWith("##", this.#at)) {
      this.#match(/##[^\r\n]*(?:\r\n|\n|\r)?/y);
      return true;
    }
    if (!this.#source.startsWith("#*", this.#at)) return false;
    const end = this.#source.indexOf("*#", this.#at + 2);
    this.#at = end < 0 ? this.#source.length : end + 2;
    return true;
  }

  /** `#[[literal]]#` */
  #rawText(): string | undefined {
    if (!this.#source.startsWith("#[[", this.#at)) return undefined;
    const end = this.#source.indexOf("]]#", this.#at);
    if (end < 0) throw this.#fault("#[[ has no ]]#", this.#at);
    const text = this.#source.slice(this.#at + 3, end);
    this.#at = end + 3;
    return text;
  }

  #directiveAt(at: number) {
    DIRECTIVE.lastIndex = at;
    const found = DIRECTIVE.exec(this.#source);
    if (found === null) return undefined;
    const [text, sign = "", braced, plain] = found;
    return { text, name: braced ?? plain ?? "", hasBody: sign === "@" };
  }

  #directive(
    { name, text, hasBody }: { name: string; text: string; hasBody: boolean },
    from: number,
    nodes: Nodes,
  ): TemplateNode | undefined {
    if (hasBody) return this.#call(name, from, true);
    switch (name) {
      case "set":
        if (!this.#matches(/\s*\(/y)) return { type: "text", text };
        nodes.dropBlanks();
        return this.#set(from);
      case "if":
        return this.#if(from);
      case "foreach":
        return this.#foreach(from);
      case "macro":
        this.#macro(from);
        nodes.boundary();
        return undefined;
      case "define":
        return this.#define(from);
      case "evaluate": {
        const [template] = this.#directiveArgs(name, from, 1);
        return { type: "evaluate", template: template as Expression, offset: this.#start + from };
      }
      case "literal": {
        this.#directiveArgs(name, from, 0);
        const start = this.#at;
        const { end } = this.#block(["end"]);
        if (end === undefined) throw this.#fault("#literal has no #end", from);
        const literal = this.#source.slice(start, end.at);
        this.#endOfBlock();
        return { type: "text", text: literal };
      }
      case "break":
        this.#match(REST_OF_LINE);
        return { type: "break" };
      case "stop":
        this.#match(REST_OF_LINE);
        return { type: "stop" };
      case "parse":
      case "include":
        throw this.#fault(`API Gateway does not support #${name}`, from);
      case "end":
      case "else":
      case "elseif":
        throw this.#fault(`${text} does not belong to a block`, from);
      default:
        return this.#call(name, from, false);
    }
  }

  #set(from: number): TemplateNode {
    this.#match(BLANKS);
    this.#expect("(", "#set");
    this.#match(SPACE);
    if (!this.#matches(REFERENCE)) throw this.#fault("#set needs a $variable to set", this.#at);
    const target = this.#reference("");
    this.#match(SPACE);
    this.#expect("=", "#set");
    const value = this.#expression();
    this.#close("#set", from);
    return { type: "set", target, value };
  }

  #if(from: number): TemplateNode {
    const branches: { condition: Expression; body: Block }[] = [];
    for (;;) {
      const condition = this.#condition(branches.length === 0 ? "#if" : "#elseif", from);
      const { body, end } = this.#block(["elseif", "else", "end"]);
      branches.push({ condition, body });
      if (end === undefined) throw this.#fault("#if has no #end", from);
      if (end.name === "end") {
        this.#endOfBlock();
        return { type: "if", branches, otherwise: [] };
      }
      this.#match(DIRECTIVE);
      if (end.name === "elseif") continue;
      this.#match(REST_OF_LINE);
      return { type: "if", branches, otherwise: this.#body("if", from) };
    }
  }

  #condition(of: string, from: number): Expression {
    this.#match(SPACE);
    this.#expect("(", of);
    const condition = this.#expression();
    this.#close(of, from);
    return condition;
  }

  #foreach(from: number): TemplateNode {
    this.#match(SPACE);
    this.#expect("(", "#foreach");
    this.#match(SPACE);
    const variable = this.#variable("#foreach");
    if (this.#match(/[ \t\r\n]+in[ \t\r\n]+/y) === undefined) {
      throw this.#fault(`#foreach has no "in" after $${variable}`, this.#at);
    }
    const source = this.#primary();
    this.#match(SPACE);
    this.#close("#foreach", from);
    const body = this.#body("foreach", from);
    return { type: "foreach", variable, from: source, body, offset: this.#start + from };
  }

  #define(from: number): TemplateNode {
    this.#match(SPACE);
    this.#expect("(", "#define");
    this.#match(SPACE);
    const name = this.#variable("#define");
    this.#match(SPACE);
    this.#close("#define", from);
    return { type: "define", name, body: this.#body("define", from) };
  }

  #macro(from: number): void {
    this.#match(SPACE);
    this.#expect("(", "#macro");
    this.#match(SPACE);
    const name = this.#match(/[A-Za-z_]\w*/y);
    if (name === undefined) throw this.#fault("#macro needs a name", this.#at);
    const parameters: string[] = [];
    for (;;) {
      this.#match(/[ \t\r\n,]*/y);
      if (this.#source[this.#at] === ")") break;
      parameters.push(this.#variable("#macro"));
    }
    this.#close("#macro", from);
    this.#macros.set(name, { parameters, body: this.#body("macro", from) });
  }

  #variable(of: string): string {
    const found = this.#exec(/\$!?(?:\{([A-Za-z_][\w-]*)\}|([A-Za-z_][\w-]*))/y);
    if (found === null) throw this.#fault(`${of} needs a $variable here`, this.#at);
    return found[1] ?? found[2] ?? "";
  }

  #directiveArgs(name: string, from: number, count: number): readonly Expression[] {
    this.#match(SPACE);
    this.#expect("(", `#${name}`);
    const args = this.#spacedArgs();
    if (args.length !== count) {
      throw this.#fault(`#${name} takes ${count} argument${count === 1 ? "" : "s"}`, from);
    }
    return args;
  }

  /** Arguments of directives, separated by spaces or commas. */
  #spacedArgs(): readonly Expression[] {
    const args: Expression[] = [];
    for (;;) {
      this.#match(/[ \t\r\n,]*/y);
      if (this.#source[this.#at] === ")") break;
      args.push(this.#primary());
    }
    this.#at += 1;
    this.#match(REST_OF_LINE);
    return args;
  }

  #call(name: string, from: number, hasBody: boolean): TemplateNode {
    const offset = this.#start + from;
    const text = (): string => this.#source.slice(from, this.#at);
    if (!this.#matches(/[ \t]*\(/y)) {
      return { type: "call", name, args: [], literal: text(), body: undefined, offset };
    }
    this.#match(BLANKS);
    this.#at += 1;
    const args = this.#spacedArgs();
    const body = hasBody ? this.#body(`@${name}`, from) : undefined;
    return { type: "call", name, args, literal: text(), body, offset };
  }

  #expression(lowest = 1): Expression {
    this.#deeper();
    this.#match(SPACE);
    const start = this.#at;
    let left = this.#unary();
    for (;;) {
      const end = this.#at;
      this.#match(SPACE);
      const at = this.#at;
      const found = this.#match(OPERATOR);
      const operator =
        found === undefined ? undefined : (WORD_OPERATORS[found] ?? (found as Operator));
      // `5 -1` is two numbers
      const isNumber = found === "-" && /\d/.test(this.#source[this.#at] ?? "");
      if (operator === undefined || OPERATORS[operator] < lowest || isNumber) {
        this.#at = at;
        this.#depth -= 1;
        return left;
      }
      this.#match(SPACE);
      const rightStart = this.#at;
      const right = this.#expression(OPERATORS[operator] + 1);
      const literalOf = [
        this.#source.slice(start, end),
        this.#source.slice(rightStart, this.#at).trimEnd(),
      ] as const;
      left = { type: "operation", operator, left, right, literalOf };
    }
  }

  #unary(): Expression {
    if (this.#match(/!|not(?![\w-])/y) !== undefined) {
      this.#match(SPACE);
      this.#deeper();
      const of = this.#unary();
      this.#depth -= 1;
      return { type: "not", of };
    }
    if (this.#match(/\(/y) !== undefined) {
      const inner = this.#expression();
      this.#match(SPACE);
      this.#expect(")", "the brackets");
      return inner;
    }
    return this.#primary();
  }

  /** An operand. */
  #primary(): Expression {
    this.#match(SPACE);
    if (this.#matches(REFERENCE)) return this.#reference("");
    switch (this.#source[this.#at]) {
      case "'":
      case '"':
        return this.#string();
      case "[":
        return this.#list();
      case "{":
        return this.#map();
    }
    const word = this.#match(/(?:true|false)(?![\w-])/y);
    if (word !== undefined) return { type: "boolean", value: word === "true" };
    const number = this.#match(NUMBER);
    if (number !== undefined) return { type: "number", text: number };
    const at = this.#at;
    const rest = this.#match(/[^\s(),\]}]+/y) ?? this.#source.slice(at, at + 1);
    throw this.#fault(
      rest === "" ? "the template ends where a value is needed" : `${rest} is not a value`,
      at,
    );
  }

  #string(): Expression {
    const from = this.#at;
    const quote = this.#source[from] ?? "";
    const found = this.#match(quote === '"' ? /"(?:[^"]|"")*"/y : /'(?:[^']|'')*'/y);
    if (found === undefined) throw this.#fault(`a string has no closing ${quote}`, from);
    const text = found.slice(1, -1).replaceAll(quote + quote, quote);
    if (quote === "'" || !/[$#]/.test(text)) return { type: "string", text };
    const inner = new Parser(text, this.#macros, this.#start + from + 1, this.#depth);
    return { type: "interpolated", body: inner.template() };
  }

  #list(): Expression {
    this.#at += 1;
    this.#deeper();
    this.#match(SPACE);
    const items: Expression[] = [];
    while (this.#match(/\]/y) === undefined) {
      if (items.length > 0) this.#expect(",", "the list");
      items.push(this.#primary());
      this.#match(SPACE);
      const [first] = items;
      if (items.length === 1 && first !== undefined && this.#match(/\.\./y) !== undefined) {
        const to = this.#primary();
        this.#match(SPACE);
        this.#expect("]", "the range");
        this.#depth -= 1;
        return { type: "range", from: first, to };
      }
    }
    this.#depth -= 1;
    return { type: "list", items };
  }

  #map(): Expression {
    this.#at += 1;
    this.#deeper();
    this.#match(SPACE);
    const entries: (readonly [Expression, Expression])[] = [];
    while (this.#match(/\}/y) === undefined) {
      if (entries.length > 0) this.#expect(",", "the map");
      const key = this.#primary();
      this.#match(SPACE);
      this.#expect(":", "the map");
      entries.push([key, this.#primary()]);
      this.#match(SPACE);
    }
    this.#depth -= 1;
    return { type: "map", entries };
  }

  #close(of: string, from: number): void {
    this.#match(SPACE);
    const at = this.#at;
    if (this.#source[at] !== ")") {
      const rest = this.#match(/[^\s)]+/y);
      const what = rest === undefined ? "the template ends" : `${rest} is there`;
      throw this.#fault(`${of} has no ) : ${what}`, rest === undefined ? from : at);
    }
    this.#at += 1;
    this.#match(REST_OF_LINE);
  }

  #expect(character: string, of: string): void {
    if (this.#source[this.#at] === character) {
      this.#at += 1;
      return;
    }
    const found = this.#source[this.#at];
    const what = found === undefined ? "the template ends" : `${JSON.stringify(found)} is there`;
    throw this.#fault(`${of} needs ${character} here, and ${what}`, this.#at);
  }

  #deeper(): void {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw this.#fault(`more than ${DEEPEST} levels deep`, this.#at);
  }

  #matches(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#source);
  }

  #match(pattern: RegExp): string | undefined {
    return this.#exec(pattern)?.[0];
  }

  #exec(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }

  #fault(problem: string, at: number): TemplateFault {
    return new TemplateFault(problem, this.#start + at);
  }
}

/** Nodes of a block, with the text before the next node. */
class Nodes {
  readonly #nodes: TemplateNode[] = [];
  #text = "";
  /** Length of the text up to the last position where Velocity starts a new token. */
  #boundary = 0;

  text(text: string): void {
    this.#text += text;
  }

  boundary(): void {
    this.#boundary = this.#text.length;
  }

  /** Removes the spaces before `#set`. They belong to it if they directly follow a token that is not text. */
  dropBlanks(): void {
    const last = this.#text.slice(this.#boundary);
    if (/^[ \t]*$/.test(last)) this.#text = this.#text.slice(0, this.#boundary);
  }

  add(node: TemplateNode): void {
    this.#flush();
    this.#nodes.push(node);
  }

  all(): Block {
    this.#flush();
    return this.#nodes;
  }

  #flush(): void {
    if (this.#text !== "") this.#nodes.push({ type: "text", text: this.#text });
    this.#text = "";
    this.#boundary = 0;
  }
}
