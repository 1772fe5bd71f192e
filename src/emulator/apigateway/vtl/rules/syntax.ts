/** What a mapping template consists of, as Velocity 1.7 reads it. */
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
  /** `$!`: nothing is printed in place of null. */
  readonly isQuiet: boolean;
  /** As it is written, from its `$` on; printed where it has no value. */
  readonly literal: string;
  /** Half of the backslashes before it: printed before its value, and twice where it has none. */
  readonly backslashes: string;
  /** An odd number of backslashes: the reference itself is printed. */
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

/** `#name(1 $two)`, or text where there is no macro of that name. */
export type MacroCall = {
  readonly type: "call";
  readonly name: string;
  readonly args: readonly Expression[];
  readonly literal: string;
  /** Of `#@name()…#end`. */
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
  /** By name; defined while the template is read, so that a call may come before. */
  readonly macros: ReadonlyMap<string, Macro>;
};

/** A fault of a template, at an offset into its text. */
export class TemplateFault extends Error {
  readonly offset: number;
  readonly value: string | undefined;

  constructor(problem: string, offset: number, value?: string) {
    super(problem);
    this.offset = offset;
    this.value = value;
  }
}
