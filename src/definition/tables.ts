/** Capacity in units per second, or billed by request. */
export type Capacity = "on-demand" | { readonly read: number; readonly write: number };

export type KeyDefinition = { readonly name: string; readonly type: "S" | "N" | "B" };

export type TableDefinition = {
  /** Name of the table here. On AWS CloudFormation makes one from the stack's name. */
  readonly name?: string;
  readonly partitionKey: KeyDefinition;
  readonly sortKey?: KeyDefinition;
  readonly indexes?: Readonly<Record<string, IndexDefinition>>;
  /** Default `on-demand`. */
  readonly capacity?: Capacity;
  /** Attribute that holds the epoch second at which DynamoDB may delete the item. */
  readonly timeToLive?: string;
  /** Environment variable that gives functions the table's name. */
  readonly environmentVariable?: string;
  /** Functions that may use the table. Default: all. */
  readonly functions?: readonly string[];
  /** JSON file or files with the items that the table has when it is made on this machine; AWS gets none. */
  readonly seed?: string | readonly string[];
  /** Default `Retain`. */
  readonly deletionPolicy?: DeletionPolicy;
};

/** What becomes of a table with all that is in it when the stack no longer has it. */
export type DeletionPolicy = "Delete" | "Retain";

/** A global secondary index. All attributes are projected. */
export type IndexDefinition = {
  readonly partitionKey: KeyDefinition;
  readonly sortKey?: KeyDefinition;
};

/** The table in which handlers keep the ids of the open connections. */
export type ConnectionTableDefinition = {
  /** Environment variable that gives functions the table's name. */
  readonly environmentVariable: string;
  /** Name of the key attribute; a string that holds the connection id. */
  readonly attribute: string;
  /** Default: 5 read and 5 write units. */
  readonly capacity?: Capacity;
  /** Functions that may use the table. Default: all. */
  readonly functions?: readonly string[];
  /** Default `Delete`, for connections end anyway. */
  readonly deletionPolicy?: DeletionPolicy;
};

export type ApiTable = {
  readonly logicalName: string;
  /** Name of the table on this machine. */
  readonly name: string;
  readonly partitionKey: KeyDefinition;
  readonly sortKey: KeyDefinition | undefined;
  readonly indexes: Readonly<Record<string, IndexDefinition>>;
  readonly capacity: Capacity;
  readonly timeToLive: string | undefined;
  readonly environmentVariable: string | undefined;
  readonly functions: readonly string[];
  /** Files, relative to the folder of the definition. Left out when there are none. */
  readonly seed?: readonly string[];
  readonly deletionPolicy: DeletionPolicy;
};
