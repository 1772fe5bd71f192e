import { calculate, compare } from "./arithmetic.ts";
import { areEqual } from "./equality.ts";
import { printed } from "./java-printing.ts";
import { HostObject, JavaException, JavaMap, List, type Value } from "./java-values.ts";
import { callMethod, propertyOf } from "./methods.ts";
import { parseTemplate } from "./parse-template.ts";
import {
  type Block,
  type Expression,
  type Macro,
  type MacroCall,
  type ParsedTemplate,
  type Reference,
  type Step,
  TemplateFault,
  type TemplateNode,
} from "./syntax.ts";
import { LONGEST_RANGE, MOST_ITERATIONS, TemplateLimits, withinMemory } from "./template-limits.ts";

const SHOWN_VALUE = 60;

/** How a block ended. */
type End = "whole" | "break" | "stop";

/** The value of a name set by `#define`; rendered where the name is used. */
class Definition {
  readonly body: Block;

  constructor(body: Block) {
    this.body = body;
  }
}

/** A scope: the arguments of a macro, and the variables of the template. */
type Frame = {
  readonly args: ReadonlyMap<string, { readonly expression: Expression; readonly caller: Frame }>;
  /** Arguments that were assigned since. */
  readonly locals: Map<string, Value>;
  readonly bodyContent?: { readonly block: Block; readonly caller: Frame };
};

const NO_ARGS: Frame = { args: new Map(), locals: new Map() };

/**
 * Renders a template with `roots` as its variables. A reference without a value prints nothing if it begins
 * with one of them; any other is printed literally. Throws a TemplateFault.
 */
export function evaluateTemplate(
  template: ParsedTemplate,
  roots: ReadonlyMap<string, Value>,
  {
    areRootsQuiet = true,
    place = { offset: 0 },
  }: {
    readonly areRootsQuiet?: boolean;
    /** Set to the current position. */
    readonly place?: { offset: number };
  } = {},
): string {
  const evaluation = new Evaluation(template.macros, roots, areRootsQuiet, place);
  try {
    evaluation.render(template.body, NO_ARGS);
    return evaluation.output();
  } catch (error) {
    // from a value that is printed or compared, or a stack overflow
    if (!(error instanceof JavaException || error instanceof RangeError)) throw error;
    const what = error instanceof JavaException ? error.message : "StackOverflowError";
    throw new TemplateFault(`the template throws ${what}`, place.offset);
  }
}

class Evaluation {
  readonly #macros: Map<string, Macro>;
  readonly #variables: Map<string, Value | Definition>;
  readonly #quiet: ReadonlySet<string>;
  readonly #place: { offset: number };
  #out: string[] = [];
  readonly #limits = new TemplateLimits();

  constructor(
    macros: ReadonlyMap<string, Macro>,
    roots: ReadonlyMap<string, Value>,
    areRootsQuiet: boolean,
    place: { offset: number },
  ) {
    this.#macros = new Map(macros);
    this.#variables = new Map(roots);
    this.#quiet = new Set(areRootsQuiet ? roots.keys() : []);
    this.#place = place;
  }

  output(): string {
    return this.#out.join("");
  }

  render(block: Block, frame: Frame): End {
    for (const node of block) {
      const end = this.#node(node, frame);
      if (end !== "whole") return end;
    }
    return "whole";
  }

  #node(node: TemplateNode, frame: Frame): End {
    switch (node.type) {
      case "text":
        this.#write(node.text);
        return "whole";
      case "reference":
        this.#write(this.#textOf(node, frame));
        return "whole";
      case "set":
        this.#set(node.target, node.value, frame);
        return "whole";
      case "if": {
        const branch = node.branches.find(({ condition }) => this.#isTrue(condition, frame));
        return this.render(branch?.body ?? node.otherwise, frame);
      }
      case "foreach":
        return this.#foreach(node, frame);
      case "define":
        this.#variables.set(node.name, new Definition(node.body));
        return "whole";
      case "evaluate":
        return this.#evaluate(this.#value(node.template, frame), node.offset, frame);
      case "call":
        return this.#call(node, frame);
      case "break":
      case "stop":
        return node.type;
      default:
        return node satisfies never;
    }
  }

  #write(text: string): void {
    const problem = this.#limits.print(text.length);
    if (problem !== undefined) throw this.#faultHere(problem);
    this.#out.push(text);
  }

  #count(offset: number): void {
    this.#place.offset = offset;
    const problem = this.#limits.step();
    if (problem !== undefined) throw this.#faultHere(problem);
  }

  #faultHere(problem: string): TemplateFault {
    return new TemplateFault(problem, this.#place.offset);
  }

  /** The output of a block, as a string. */
  #captured(block: Block, frame: Frame): string {
    const out = this.#out;
    this.#out = [];
    try {
      this.render(block, frame);
      return this.output();
    } finally {
      this.#out = out;
    }
  }

  #nested<T>(what: string, offset: number, run: () => T): T {
    const problem = this.#limits.enter(what);
    if (problem !== undefined) throw new TemplateFault(problem, offset);
    try {
      return run();
    } finally {
      this.#limits.leave();
    }
  }

  #textOf(reference: Reference, frame: Frame): string {
    const { backslashes, isEscaped, isQuiet, literal, name } = reference;
    const text = this.#printedOrBlock(reference, frame);
    if (isEscaped) return text === undefined ? `${backslashes}\\${literal}` : backslashes + literal;
    if (text !== undefined) return backslashes + text;
    const none = backslashes + backslashes;
    if (isQuiet || this.#quiet.has(name)) return none;
    const arg = frame.args.get(name);
    if (arg?.expression.type === "reference" && reference.steps.length === 0) {
      return none + this.#textOf(arg.expression, arg.caller);
    }
    return none + literal;
  }

  #printedOrBlock(reference: Reference, frame: Frame): string | undefined {
    const { name, steps, offset } = reference;
    const { bodyContent } = frame;
    if (steps.length === 0 && name === "bodyContent" && bodyContent !== undefined) {
      return this.#nested("$bodyContent", offset, () =>
        this.#captured(bodyContent.block, bodyContent.caller),
      );
    }
    return printed(this.#reference(reference, frame));
  }

  #variable(name: string, offset: number, frame: Frame): Value {
    const local = frame.locals.get(name);
    if (local !== undefined) return local;
    const arg = frame.args.get(name);
    if (arg !== undefined) {
      return this.#nested(`$${name}`, offset, () => this.#value(arg.expression, arg.caller));
    }
    const value = this.#variables.get(name) ?? null;
    if (!(value instanceof Definition)) return value;
    return this.#nested(`$${name}`, offset, () => this.#captured(value.body, frame));
  }

  #reference({ name, steps, offset }: Reference, frame: Frame): Value {
    this.#count(offset);
    const isDefined = !frame.args.has(name) && this.#variables.get(name) instanceof Definition;
    if (isDefined && steps.length > 0) return null; // a defined value has only the methods of its class
    return this.#walk(this.#variable(name, offset, frame), steps, frame);
  }

  #walk(from: Value, steps: readonly Step[], frame: Frame): Value {
    let value = from;
    for (const step of steps) {
      if (value === null) return null;
      value = this.#step(value, step, frame) ?? null;
    }
    return value;
  }

  #step(value: Value, step: Step, frame: Frame): Value | undefined {
    if (step.kind === "property") return propertyOf(value, step.name);
    if (step.kind === "method") {
      const args = step.args.map((arg) => this.#value(arg, frame));
      return this.#java(step, value, () => callMethod(value, step.name, args));
    }
    const index = this.#value(step.index, frame);
    return this.#java(step, value, () => callMethod(value, "get", [indexIn(value, index)]));
  }

  /** Runs a method of Java; an exception ends the template. */
  #java<T>(step: Step, value: Value, run: () => T): T {
    try {
      const result = run();
      return typeof result === "string" ? withinMemory(result) : result;
    } catch (error) {
      if (!(error instanceof JavaException)) throw error;
      const what = step.kind === "index" ? "the index" : `${step.name}()`;
      throw new TemplateFault(`${what} throws ${error.message}`, step.offset, shown(value));
    }
  }

  #value(expression: Expression, frame: Frame): Value {
    switch (expression.type) {
      case "reference":
        return this.#reference(expression, frame);
      case "number":
        return /^-?\d+$/.test(expression.text) ? BigInt(expression.text) : Number(expression.text);
      case "boolean":
        return expression.value;
      case "string":
        return expression.text;
      case "interpolated":
        return this.#captured(expression.body, frame);
      case "list":
        return new List(expression.items.map((item) => this.#value(item, frame)));
      case "map":
        return new JavaMap(
          expression.entries.map(([key, value]) => [
            this.#value(key, frame),
            this.#value(value, frame),
          ]),
        );
      case "range":
        return this.#range(this.#value(expression.from, frame), this.#value(expression.to, frame));
      case "not":
        return !this.#isTrue(expression.of, frame);
      case "operation":
        return this.#operation(expression, frame);
      default:
        return expression satisfies never;
    }
  }

  #operation(expression: Expression & { readonly type: "operation" }, frame: Frame): Value {
    const { operator, left, right, literalOf } = expression;
    if (operator === "&&") return this.#isTrue(left, frame) && this.#isTrue(right, frame);
    if (operator === "||") return this.#isTrue(left, frame) || this.#isTrue(right, frame);
    const [a, b] = [this.#value(left, frame), this.#value(right, frame)];
    switch (operator) {
      case "==":
        return areEqual(a, b);
      case "!=":
        return !areEqual(a, b);
      case "<":
        return compare(a, b) < 0;
      case ">":
        return compare(a, b) > 0;
      case "<=":
        return compare(a, b) <= 0;
      case ">=":
        return compare(a, b) >= 0;
      case "+":
        if (typeof a !== "string" && typeof b !== "string") return calculate(operator, a, b);
        return withinMemory((printed(a) ?? literalOf[0]) + (printed(b) ?? literalOf[1]));
      default:
        return calculate(operator, a, b);
    }
  }

  /** Whether a condition is true: every value except null, `false`, and number and string literals. */
  #isTrue(expression: Expression, frame: Frame): boolean {
    switch (expression.type) {
      case "reference": {
        const value = this.#reference(expression, frame);
        return value !== null && value !== false;
      }
      case "boolean":
      case "not":
      case "operation":
        return this.#value(expression, frame) === true;
      default:
        return false;
    }
  }

  #range(from: Value, to: Value): Value {
    if (typeof from !== "bigint" || typeof to !== "bigint") return null;
    const isUp = from < to;
    const length = (isUp ? to - from : from - to) + 1n;
    if (length > BigInt(LONGEST_RANGE)) {
      throw this.#faultHere(`a range has more than ${LONGEST_RANGE} numbers`);
    }
    const items = Array.from({ length: Number(length) }, (_, at) => BigInt(isUp ? at : -at));
    return new List(items.map((distance) => from + distance));
  }

  #assign(name: string, value: Value, frame: Frame): void {
    if (frame.args.has(name)) frame.locals.set(name, value);
    this.#variables.set(name, value);
  }

  #set({ name, steps, literal, offset }: Reference, to: Expression, frame: Frame): void {
    this.#count(offset);
    const value = this.#value(to, frame);
    if (value === null) return; // `directive.set.null.allowed` is off
    const last = steps.at(-1);
    if (last === undefined) {
      // Velocity does not assign to `${name}` and `$!name`
      if (literal === `$${name}`) this.#assign(name, value, frame);
      return;
    }
    const holder = this.#walk(this.#variable(name, offset, frame), steps.slice(0, -1), frame);
    if (last.kind === "property" && holder instanceof JavaMap) holder.entries.set(last.name, value);
    if (last.kind !== "index") return;
    const index = this.#value(last.index, frame);
    if (holder instanceof JavaMap) holder.entries.set(index, value);
    else if (holder instanceof List) {
      this.#java(last, holder, () => callMethod(holder, "set", [indexIn(holder, index), value]));
    }
  }

  #foreach(node: TemplateNode & { readonly type: "foreach" }, frame: Frame): End {
    const from = this.#value(node.from, frame);
    const items =
      from instanceof List
        ? [...from.items]
        : from instanceof JavaMap
          ? [...from.entries.values()]
          : from instanceof HostObject
            ? remaining(from)
            : [];
    const before = this.#variables.get(node.variable);
    const local = frame.locals.get(node.variable);
    const counters = COUNTERS.map((name) => [name, this.#variables.get(name)] as const);
    const parent = this.#variables.get("foreach");
    let end: End = "whole";
    for (const [index, item] of items.slice(0, MOST_ITERATIONS).entries()) {
      this.#count(node.offset);
      this.#assign(node.variable, item, frame);
      this.#variables.set("velocityCount", BigInt(index + 1));
      this.#variables.set("velocityHasNext", index < items.length - 1);
      this.#variables.set("foreach", loopState(index, items.length, parent));
      end = this.render(node.body, frame);
      if (end !== "whole") break;
    }
    if (local === undefined) frame.locals.delete(node.variable);
    else frame.locals.set(node.variable, local);
    for (const [name, value] of [[node.variable, before] as const, ...counters]) {
      if (value === undefined) this.#variables.delete(name);
      else this.#variables.set(name, value);
    }
    return end === "stop" ? "stop" : "whole";
  }

  #evaluate(template: Value, offset: number, frame: Frame): End {
    const source = printed(template) ?? "";
    return this.#nested("#evaluate", offset, () => {
      const { body, macros } = parsedAt(source, offset);
      for (const [name, macro] of macros) this.#macros.set(name, macro);
      return this.render(body, frame) === "stop" ? "stop" : "whole";
    });
  }

  #call({ name, args, literal, body, offset }: MacroCall, frame: Frame): End {
    const macro = this.#macros.get(name);
    if (macro === undefined) {
      this.#write(literal);
      return "whole";
    }
    const bound = macro.parameters.flatMap((parameter, at) => {
      const expression = args[at];
      return expression === undefined ? [] : [[parameter, { expression, caller: frame }] as const];
    });
    const inner: Frame = {
      args: new Map(bound),
      locals: new Map(),
      ...(body !== undefined && { bodyContent: { block: body, caller: frame } }),
    };
    const end = this.#nested(`#${name}`, offset, () => this.render(macro.body, inner));
    return end === "stop" ? "stop" : "whole";
  }
}

function parsedAt(source: string, offset: number): ParsedTemplate {
  try {
    return parseTemplate(source);
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error;
    throw new TemplateFault(`in #evaluate: ${error.message}`, offset, shown(source));
  }
}

/** Variables that a loop sets in addition to its own. */
const COUNTERS = ["foreach", "velocityCount", "velocityHasNext"];

/** The items that an iterator has not returned yet. */
function remaining({ methods }: HostObject): readonly Value[] {
  const items: Value[] = [];
  while (items.length <= MOST_ITERATIONS && methods.get("hasNext")?.([]) === true) {
    items.push(methods.get("next")?.([]) ?? null);
  }
  return items;
}

/** The value of `$foreach`. */
function loopState(
  index: number,
  length: number,
  parent: Value | Definition | undefined,
): HostObject {
  const [count, last, hasNext] = [BigInt(index + 1), index === length - 1, index < length - 1];
  return new HostObject(
    "{}",
    {
      index: () => BigInt(index),
      count: () => count,
      first: () => index === 0,
      last: () => last,
      hasNext: () => hasNext,
      parent: () => (parent instanceof HostObject ? parent : null),
      topmost: () =>
        parent instanceof HostObject ? (propertyOf(parent, "topmost") ?? parent) : null,
    },
    {
      hasNext: () => hasNext,
      getHasNext: () => hasNext,
      getIndex: () => BigInt(index),
      getCount: () => count,
      isFirst: () => index === 0,
      isLast: () => last,
    },
  );
}

/** -1 is the last item of a list. */
function indexIn(value: Value, index: Value): Value {
  const isBack = value instanceof List && typeof index === "bigint" && index < 0n;
  return isBack ? BigInt(value.items.length) + index : index;
}

/** Undefined if it is too long to print. */
function shown(value: Value): string | undefined {
  try {
    const text = printed(value);
    return text === undefined || text.length <= SHOWN_VALUE
      ? text
      : `${text.slice(0, SHOWN_VALUE - 1)}…`;
  } catch {
    return undefined;
  }
}
