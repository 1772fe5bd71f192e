import { callFunction, type FunctionContext } from "./functions.ts";
import { type Attribute, ELEMENT, type Expression, HclFault } from "./hcl-syntax.ts";
import {
  Attributed,
  ELSEWHERE,
  entriesOf,
  isEntries,
  isList,
  isSame,
  kindOf,
  listOf,
  memberOf,
  numberOf,
  plain,
  sortedEntries,
  textOf,
  truthOf,
  type Value,
  ValueFault,
} from "./values.ts";

/** The names in an expression. */
export type Scope = {
  /** Absolute path of the expression's file. */
  readonly file: string;
  /** The value of a top-level name, such as `var` or `aws_lambda_function`; undefined if unknown. */
  readonly named: (name: string) => Value | undefined;
  readonly context: FunctionContext;
};

/** Larger than any string or list of a real project. */
const LARGEST_TEXT = 1024 * 1024;
const LONGEST_LIST = 50_000;

/** Evaluates an expression. Throws an HclFault with the place of the error. */
export function evaluate(expression: Expression, scope: Scope): Value {
  try {
    scope.context.count();
    const value = whatIs(expression, scope);
    if (typeof value === "string" && value.length > LARGEST_TEXT)
      throw new ValueFault("this is longer than 1 MB.");
    if (isList(value) && value.length > LONGEST_LIST)
      throw new ValueFault("this list is too long.");
    return value;
  } catch (error) {
    if (!(error instanceof ValueFault)) throw error;
    const { line, column } = expression;
    throw new HclFault(error.message, { line, column }, scope.file);
  }
}

/** The value of an attribute, from whichever file. */
export function attributeValue({ value, file }: Attribute, scope: Scope): Value {
  return evaluate(value, file === undefined ? scope : { ...scope, file });
}

function whatIs(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "template":
      return ofTemplate(expression, scope);
    case "name":
      return ofName(expression.name, scope);
    case "attribute":
      return member(evaluate(expression.of, scope), expression.name, expression);
    case "index":
      return member(evaluate(expression.of, scope), evaluate(expression.key, scope), expression);
    case "splat":
      return ofSplat(expression, scope);
    case "not":
      return !truthOf(evaluate(expression.of, scope));
    case "minus":
      return -numberOf(evaluate(expression.of, scope));
    case "binary":
      return ofBinary(expression, scope);
    case "conditional":
      return evaluate(
        truthOf(evaluate(expression.condition, scope)) ? expression.yes : expression.no,
        scope,
      );
    case "call":
      return ofCall(expression, scope);
    case "list":
      return expression.items.map((item) => evaluate(item, scope));
    case "object":
      return Object.fromEntries(
        expression.items.map(([key, value]) => [
          textOf(evaluate(key, scope)),
          evaluate(value, scope),
        ]),
      );
    case "for":
      return ofFor(expression, scope);
    default:
      return expression satisfies never;
  }
}

type Of<Kind extends Expression["kind"]> = Extract<Expression, { readonly kind: Kind }>;

function ofTemplate({ parts }: Of<"template">, scope: Scope): Value {
  const [only, ...more] = parts;
  // a single directive evaluates to a string as well
  if (more.length === 0 && typeof only === "object" && !isText(only)) return evaluate(only, scope);
  return parts
    .map((part) => (typeof part === "string" ? part : textOf(evaluate(part, scope))))
    .join("");
}

function isText(expression: Expression): boolean {
  return expression.kind === "for" && expression.isText;
}

function ofName(name: string, scope: Scope): Value {
  const value = scope.named(name);
  if (value === undefined) throw new ValueFault(`wsgw does not know what "${name}" is here.`);
  return value;
}

function member(value: Value, key: Value, { kind }: Expression): Value {
  const found = memberOf(value, key);
  if (found !== undefined) return found;
  const name = typeof key === "string" || typeof key === "number" ? String(key) : kindOf(key);
  // a member of an open value is open too
  if (typeof value === "string" && value.startsWith(ELSEWHERE))
    return `${value.slice(0, -2)}.${name}}}`;
  if (value instanceof Attributed)
    throw new ValueFault(`${value.label} has no ${JSON.stringify(name)}.`);
  const what = kind === "index" ? "element" : "attribute";
  throw new ValueFault(`${kindOf(value)} has no ${what} ${JSON.stringify(name)}.`);
}

/** The elements of a list, none for null, and any other value alone. */
function ofSplat({ of, each }: Of<"splat">, scope: Scope): Value {
  const value = evaluate(of, scope);
  const elements = isList(value) ? value : value === null ? [] : [value];
  return elements.map((element) => evaluate(each, withNames(scope, { [ELEMENT]: element })));
}

function withNames(scope: Scope, names: Readonly<Record<string, Value>>): Scope {
  return {
    ...scope,
    named: (name) => (Object.hasOwn(names, name) ? names[name] : scope.named(name)),
  };
}

function ofBinary({ operator, left, right }: Of<"binary">, scope: Scope): Value {
  const one = evaluate(left, scope);
  const other = (): Value => evaluate(right, scope);
  const numbers = (): readonly [number, number] => [numberOf(one), numberOf(other())];
  switch (operator) {
    case "&&":
      return truthOf(one) && truthOf(other());
    case "||":
      return truthOf(one) || truthOf(other());
    case "==":
      return isSame(plain(one), plain(other()));
    case "!=":
      return !isSame(plain(one), plain(other()));
    default:
      return calculated(operator, ...numbers());
  }
}

function calculated(operator: string, one: number, other: number): Value {
  switch (operator) {
    case "+":
      return one + other;
    case "-":
      return one - other;
    case "*":
      return one * other;
    case "/":
      if (other === 0) throw new ValueFault("this divides by zero.");
      return one / other;
    case "%":
      return one % other;
    case "<":
      return one < other;
    case ">":
      return one > other;
    case "<=":
      return one <= other;
    default:
      return one >= other;
  }
}

function ofCall({ name, args, isSpread }: Of<"call">, scope: Scope): Value {
  if (name === "try" || name === "can") return ofTry(name, args, scope);
  const values = args.map((arg) => evaluate(arg, scope));
  const last = values.at(-1) ?? null;
  const all = isSpread ? [...values.slice(0, -1), ...listOf(plain(last))] : values;
  return callFunction(name, all.map(plain), scope.context, (template, names) =>
    evaluate(template, {
      ...scope,
      named: (each) => (Object.hasOwn(names, each) ? names[each] : undefined),
    }),
  );
}

function ofTry(name: "try" | "can", args: readonly Expression[], scope: Scope): Value {
  for (const arg of args) {
    try {
      const value = evaluate(arg, scope);
      return name === "can" ? true : value;
    } catch (error) {
      if (!(error instanceof HclFault)) throw error;
    }
  }
  if (name === "can") return false;
  throw new ValueFault("none of the arguments of try() can be evaluated.");
}

function ofFor(loop: Of<"for">, scope: Scope): Value {
  const { key, value, of, itemKey, item, isGrouped, when, isText } = loop;
  const items: (readonly [string, Value])[] = [];
  for (const [name, element] of elementsOf(evaluate(of, scope))) {
    const inner = withNames(scope, { ...(key !== undefined && { [key]: name }), [value]: element });
    if (when !== undefined && !truthOf(evaluate(when, inner))) continue;
    items.push([
      itemKey === undefined ? "" : textOf(evaluate(itemKey, inner)),
      evaluate(item, inner),
    ]);
  }
  if (isText) return items.map(([, each]) => textOf(each)).join("");
  if (itemKey === undefined) return items.map(([, each]) => each);
  if (!isGrouped) return Object.fromEntries(items);
  const names = [...new Set(items.map(([name]) => name))];
  return Object.fromEntries(
    names.map((name) => [name, items.filter(([each]) => each === name).map(([, each]) => each)]),
  );
}

function elementsOf(value: Value): readonly (readonly [Value, Value])[] {
  if (isList(value)) return value.map((each, at) => [at, each]);
  const entries = isEntries(value) ? value : entriesOf(plain(value));
  return sortedEntries(entries);
}
