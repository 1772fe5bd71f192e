import type { Place } from "../../../definition/places.ts";

/** An HCL expression with its place. */
export type Expression = Place & Node;

type Node =
  | { readonly kind: "literal"; readonly value: null | boolean | number | string }
  /** A string with interpolations. A single interpolation evaluates to its own value. */
  | { readonly kind: "template"; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "attribute"; readonly of: Expression; readonly name: string }
  | { readonly kind: "index"; readonly of: Expression; readonly key: Expression }
  /** `each` is applied to every element, which it references as `ELEMENT`. */
  | { readonly kind: "splat"; readonly of: Expression; readonly each: Expression }
  | { readonly kind: "not" | "minus"; readonly of: Expression }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "conditional";
      readonly condition: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly Expression[];
      /** Whether the last argument is an expanded list. */
      readonly isSpread: boolean;
    }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "object"; readonly items: readonly (readonly [Expression, Expression])[] }
  | {
      readonly kind: "for";
      /** Names of the key and the value. */
      readonly key: string | undefined;
      readonly value: string;
      readonly of: Expression;
      /** For the items of an object; a list has none. */
      readonly itemKey: Expression | undefined;
      readonly item: Expression;
      readonly isGrouped: boolean;
      readonly when: Expression | undefined;
      /** Whether it is a template directive, whose items are concatenated. */
      readonly isText: boolean;
    };

/** The name of a splat's element in its expression. */
export const ELEMENT = "*";

export type Attribute = Place & {
  readonly name: string;
  readonly value: Expression;
  /** Its file, if that is not the file of its block; absolute. */
  readonly file?: string;
};

export type Block = Place & {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: Body;
};

export type Body = {
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly blocks: readonly Block[];
};

/** An error in HCL, with its place. */
export class HclFault extends Error {
  readonly place: Place;
  /** Absolute; undefined if the parser does not know the file. */
  readonly file: string | undefined;

  constructor(problem: string, place: Place, file?: string) {
    super(problem);
    this.place = place;
    this.file = file;
  }
}
