type StackParameter = { readonly key: string; readonly value: string };

export type StackOutput = {
  readonly key: string;
  readonly value: string;
  readonly description: string | undefined;
};

/** A stack in DescribeStacks' result. */
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
  /** Epoch ms of AWS's clock. */
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
  /** `True`, `False` or `Conditional`; undefined if nothing is modified. */
  readonly replacement: string | undefined;
  /** Properties and attributes that change: `Code`, `Tags`. Empty if CloudFormation reports none. */
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
  /** The template itself, or its URL. */
  readonly template: { readonly body: string } | { readonly url: string };
  /** `previous` keeps the stack's value. */
  readonly parameters: Readonly<Record<string, string | typeof PREVIOUS>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly express: boolean;
};

/** Keeps the stack's value of a parameter. */
export const PREVIOUS = Symbol("previous value");

/**
 * CloudFormation. A stack that does not exist is `undefined`; errors of CloudFormation are thrown as a
 * `AwsError`.
 */
export type Stacks = {
  describe(nameOrId: string): Promise<StackView | undefined>;
  resources(nameOrId: string): Promise<readonly StackResource[]>;
  template(nameOrId: string): Promise<string>;
  /** Newest first; pages are read lazily. */
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
