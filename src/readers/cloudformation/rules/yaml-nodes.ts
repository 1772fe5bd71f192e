/** A value as it stands in a file of YAML or JSON; undefined where a key has none. */
export type YamlNode = YamlScalar | YamlMap | YamlList | YamlAlias;

/** A tag as it is written, such as `!Sub`, and where. */
export type YamlTag = { readonly name: string; readonly offset: number };

type Tagged = {
  /** Where its text, its first key or its bracket begins. */
  readonly offset: number;
  readonly tag?: YamlTag | undefined;
  readonly anchor?: string | undefined;
};

export type YamlScalar = Tagged & {
  readonly kind: "scalar";
  readonly text: string;
  /** Without quotes, and no block: it may be a number. */
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
