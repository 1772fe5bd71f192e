/** A node of a mapping template, as Velocity 1.7 parses it. */
export type TemplateNode =
  | { readonly type: "text"; readonly text: string }
  | Reference
  | { readonly type: "set"; readonly target: Reference; readonly value: Expression }
  | { readonly type: "if"; readonly branches: readonly Branch[]; readonly otherwise: Block }
  | {
      readonly type: "foreach";
      readonly variable: string;
      readonly from: Expression;
      readonly body: Block;
      readonly offset: number;
    }
  | { readonly type: "define"; readonly name: string; readonly body: Block }
  | { readonly type: "evaluate"; readonly template: Expression; readonly offset: number }
  | MacroCall
  | { readonly type: "break" }
  | { readonly type: "stop" };

export type Block = readonly TemplateNode[];

type Branch = { readonly condition: Expression; readonly body: Block };

/** `$name`, `$!{name.property.method(1)[0]}`. */
export type Reference = {
  readonly type: "reference";
  readonly name: string;
  readonly steps: readonly Step[];
  /** `$!`: prints nothing instead of null. */
  readonly isQuiet: boolean;
  /** The source from its `$` on; printed if the reference has no value. */
  readonly literal: string;
  /** Half of the backslashes before it: printed before its value, and doubled if it has none. */
  readonly backslashes: string;
  /** After an odd number of backslashes, the reference itself is printed. */
  readonly isEscaped: boolean;
  readonly offset: number;
};

export type Step =
  | { readonly kind: "property"; readonly name: string; readonly offset: number }
  | {
      readonly kind: "method";
      readonly name: string;
      readonly args: readonly Expression[];
      readonly offset: number;
    }
  | { readonly kind: "index"; readonly index: Expression; readonly offset: number };

/** `#name(1 $two)`, or text if no macro has that name. */
export type MacroCall = {
  readonly type: "call";
  readonly name: string;
  readonly args: readonly Expression[];
  readonly literal: string;
  /** The body in `#@name()…#end`. */
  readonly body: Block | undefined;
  readonly offset: number;
};

export type Macro = { readonly parameters: readonly string[]; readonly body: Block };

export const OPERATORS = {
  "||": 1,
  "&&": 2,
  "==": 3,
  "!=": 3,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "%": 6,
} as const;

export type Operator = keyof typeof OPERATORS;

export type Expression =
  | Reference
  | { readonly type: "number"; readonly text: string }
  | { readonly type: "boolean"; readonly value: boolean }
  /** In single quotes, or in double quotes without `$` and `#`. */
  | { readonly type: "string"; readonly text: string }
  | { readonly type: "interpolated"; readonly body: Block }
  | { readonly type: "list"; readonly items: readonly Expression[] }
  | { readonly type: "map"; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly type: "range"; readonly from: Expression; readonly to: Expression }
  | { readonly type: "not"; readonly of: Expression }
  | {
      readonly type: "operation";
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
      readonly literalOf: readonly [left: string, right: string];
    };

export type ParsedTemplate = {
  readonly body: Block;
  /** By name; collected while parsing, so that a call may come before its definition. */
  readonly macros: ReadonlyMap<string, Macro>;
};

/** An error in a template, at an offset in its source. */
export class TemplateFault extends Error {
  readonly offset: number;
  readonly value: string | undefined;

  constructor(problem: string, offset: number, value?: string) {
    super(problem);
    this.offset = offset;
    this.value = value;
  }
}
