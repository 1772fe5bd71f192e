type StackParameter = { readonly key: string; readonly value: string };

export type StackOutput = {
  readonly key: string;
  readonly value: string;
  readonly description: string | undefined;
};

/** A stack as DescribeStacks shows it. */
export type StackView = {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly reason: string | undefined;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly updatedAt: number | undefined;
  readonly parameters: readonly StackParameter[];
  readonly tags: Readonly<Record<string, string>>;
  readonly outputs: readonly StackOutput[];
};

export type StackEvent = {
  readonly id: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  /** Epoch ms, by the clock of AWS. */
  readonly at: number;
  readonly token: string | undefined;
};

export type StackResource = {
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
};

/** One resource of a change set, in CloudFormation's words. */
export type ChangedResource = {
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly action: string;
  /** `True`, `False` or `Conditional`; undefined where nothing is modified. */
  readonly replacement: string | undefined;
  /** Properties and attributes that change: `Code`, `Tags`. Empty where CloudFormation does not tell. */
  readonly details: readonly string[];
};

export type ChangeSetView = {
  readonly status: string;
  readonly executionStatus: string | undefined;
  readonly reason: string | undefined;
  readonly changes: readonly ChangedResource[];
};

export type ChangeSetRequest = {
  readonly stackName: string;
  readonly name: string;
  readonly kind: "CREATE" | "UPDATE";
  /** The template itself, or the address of where it stands. */
  readonly template: { readonly body: string } | { readonly url: string };
  /** `previous` keeps the value that the stack has. */
  readonly parameters: Readonly<Record<string, string | typeof PREVIOUS>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly express: boolean;
};

/** A parameter that keeps the value that the stack has. */
export const PREVIOUS = Symbol("previous value");

/**
 * CloudFormation. A stack that does not exist is `undefined`; what CloudFormation refuses is thrown as
 * a `Refusal`.
 */
export type Stacks = {
  describe(nameOrId: string): Promise<StackView | undefined>;
  resources(nameOrId: string): Promise<readonly StackResource[]>;
  template(nameOrId: string): Promise<string>;
  /** Newest first, pages read as they are asked for. */
  events(nameOrId: string): AsyncIterable<StackEvent>;
  createChangeSet(
    request: ChangeSetRequest,
  ): Promise<{ readonly id: string; readonly stackId: string }>;
  describeChangeSet(id: string, stackName: string): Promise<ChangeSetView>;
  executeChangeSet(id: string, stackName: string, token: string): Promise<void>;
  deleteChangeSet(id: string, stackName: string): Promise<void>;
  deleteStack(
    nameOrId: string,
    options: { readonly token: string; readonly express: boolean },
  ): Promise<void>;
};
