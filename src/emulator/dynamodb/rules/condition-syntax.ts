/** Spaces, comparators, parentheses, and operands: values, or paths of names and indexes. */
const TOKEN = /\s+|<>|<=|>=|[<>=(),]|:\w+|#?\w+(?:\s*\.\s*#?\w+|\s*\[\s*\d+\s*\])*/y;
const COMPARATORS: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);
const KEYWORDS: ReadonlySet<string> = new Set(["AND", "OR", "NOT", "IN", "BETWEEN"]);

/** Maximum nesting of an expression's parentheses. */
export function depthOf(expression: string): number {
  let [depth, deepest] = [0, 0];
  for (const character of expression) {
    if (character === "(") deepest = Math.max(deepest, ++depth);
    else if (character === ")") depth -= 1;
  }
  return deepest;
}

/**
 * Whether an expression is a syntactically valid condition, whatever its names and values.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export function isCondition(expression: string): boolean {
  const tokens = tokensOf(expression);
  return tokens !== undefined && new Conditions(tokens).isOne();
}

/** Tokens with keywords in capitals. Undefined if the expression contains an invalid token. */
function tokensOf(expression: string): readonly string[] | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.length) {
    const token = TOKEN.exec(expression)?.[0];
    if (token === undefined) return undefined;
    const capitals = token.toUpperCase();
    if (token.trim() !== "") tokens.push(KEYWORDS.has(capitals) ? capitals : token);
  }
  return tokens;
}

/** Parses conditions token by token, without backtracking. */
class Conditions {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  isOne(): boolean {
    return this.#condition() && this.#at === this.#tokens.length;
  }

  #condition(): boolean {
    do {
      if (!this.#term()) return false;
    } while (this.#takes("AND") || this.#takes("OR"));
    return true;
  }

  #term(): boolean {
    this.#takes("NOT");
    if (this.#takes("(")) return this.#condition() && this.#takes(")");
    const operand = this.#operand();
    if (operand === undefined) return false;
    if (this.#takes("BETWEEN")) {
      return this.#operand() !== undefined && this.#takes("AND") && this.#operand() !== undefined;
    }
    if (this.#takes("IN")) return this.#takes("(") && this.#operands() && this.#takes(")");
    if (!COMPARATORS.has(this.#tokens[this.#at] ?? "")) return operand === "call";
    this.#at += 1;
    return this.#operand() !== undefined;
  }

  #operands(): boolean {
    do {
      if (this.#operand() === undefined) return false;
    } while (this.#takes(","));
    return true;
  }

  #operand(): "call" | "name" | undefined {
    const token = this.#tokens[this.#at] ?? "";
    if (KEYWORDS.has(token) || !/^[:#\w]/.test(token)) return undefined;
    this.#at += 1;
    if (!this.#takes("(")) return "name";
    return this.#operands() && this.#takes(")") ? "call" : undefined;
  }

  #takes(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }
}
