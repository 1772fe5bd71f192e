import type { Place } from "../../../definition/places.ts";

/** What an expression of HCL is, with where it was written. */
export type Expression = Place & Node;

type Node =
  | { readonly kind: "literal"; readonly value: null | boolean | number | string }
  /** A string with interpolations. An interpolation alone gives its value as it is. */
  | { readonly kind: "template"; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "attribute"; readonly of: Expression; readonly name: string }
  | { readonly kind: "index"; readonly of: Expression; readonly key: Expression }
  /** `each` is what is made of every element, which it knows as `ELEMENT`. */
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
      /** Whether the last argument is a list of arguments. */
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
      /** Of an object's items; a list has none. */
      readonly itemKey: Expression | undefined;
      readonly item: Expression;
      readonly isGrouped: boolean;
      readonly when: Expression | undefined;
      /** Whether it is a directive of a template, whose items are joined. */
      readonly isText: boolean;
    };

/** By which the expression of a splat names the element. */
export const ELEMENT = "*";

export type Attribute = Place & {
  readonly name: string;
  readonly value: Expression;
  /** Where it is written, if that is not the file of its block; absolute. */
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

/** A fault in HCL, with its place. */
export class HclFault extends Error {
  readonly place: Place;
  /** Absolute; undefined where the parser does not know the file. */
  readonly file: string | undefined;

  constructor(problem: string, place: Place, file?: string) {
    super(problem);
    this.place = place;
    this.file = file;
  }
}
