/** A value in a YAML or JSON file; undefined for a key without a value. */
export type YamlNode = YamlScalar | YamlMap | YamlList | YamlAlias;

/** A tag as written, such as `!Sub`, and its offset. */
export type YamlTag = { readonly name: string; readonly offset: number };

type Tagged = {
  /** Start of its text, its first key or its bracket. */
  readonly offset: number;
  readonly tag?: YamlTag | undefined;
  readonly anchor?: string | undefined;
};

export type YamlScalar = Tagged & {
  readonly kind: "scalar";
  readonly text: string;
  /** Whether it is without quotes and not a block: it may be a number. */
  readonly isPlain: boolean;
};

export type YamlMap = Tagged & {
  readonly kind: "map";
  readonly items: readonly {
    readonly key: YamlNode | undefined;
    readonly value: YamlNode | undefined;
  }[];
};

export type YamlList = Tagged & {
  readonly kind: "list";
  readonly items: readonly (YamlNode | undefined)[];
};

export type YamlAlias = { readonly kind: "alias"; readonly name: string; readonly offset: number };
