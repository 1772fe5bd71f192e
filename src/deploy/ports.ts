import type { ChangedResource } from "./rules/change-set.ts";

/** Time, waiting and chance of a run; handed in, so that tests do not wait. */
export type Timing = {
  /** Epoch ms. */
  now(): number;
  /** ms since some moment; only differences mean anything. */
  elapsed(): number;
  /** Settles after `ms`, or at once when `signal` is aborted. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
  /** From 0 to 1. */
  random(): number;
};

/** Who calls, as AWS sees it. */
export type Caller = { readonly account: string; readonly arn: string };

export type Identity = {
  caller(): Promise<Caller>;
  /** Whether a role of this name, without its path, exists. */
  hasRole(name: string): Promise<boolean>;
  /** ARN of the role with which API Gateway writes logs: one for all APIs of the account in the region. */
  gatewayLogRole(): Promise<string | undefined>;
};

export type StackParameter = { readonly key: string; readonly value: string };

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

/** Where code and templates wait for CloudFormation. */
export type Artifacts = {
  /** `elsewhere`: the bucket is there, but belongs to another account or is closed to us. */
  locate(
    bucket: string,
    owner: string | undefined,
  ): Promise<
    | { readonly kind: "missing" }
    | { readonly kind: "found"; readonly region: string }
    | { readonly kind: "closed"; readonly region: string | undefined }
  >;
  versioning(bucket: string): Promise<"Enabled" | "Suspended" | "Off">;
  create(bucket: string, region: string): Promise<void>;
  /** Closes the bucket to the public, encrypts it, gives it the policy; versioning comes last. */
  secure(bucket: string, policy: string | undefined): Promise<void>;
  has(bucket: string, key: string, bytes: number): Promise<boolean>;
  /** `sent` is called with the bytes that have arrived so far. */
  put(
    bucket: string,
    object: { readonly key: string; readonly body: Uint8Array; readonly type: string },
    sent: (bytes: number) => void,
  ): Promise<{ readonly versionId: string | undefined }>;
  remove(
    bucket: string,
    objects: readonly { readonly key: string; readonly versionId: string | undefined }[],
  ): Promise<void>;
  /** Every version of every object whose key begins with `prefix`. */
  versions(
    bucket: string,
    prefix: string,
  ): Promise<readonly { readonly key: string; readonly versionId: string | undefined }[]>;
};

export type FunctionState = {
  readonly updateStatus: string;
  readonly reason: string | undefined;
};

export type Functions = {
  updateCode(name: string, bucket: string, key: string): Promise<void>;
  state(name: string): Promise<FunctionState>;
};

export type LogEvent = {
  readonly id: string;
  readonly stream: string;
  /** Epoch ms. */
  readonly at: number;
  readonly message: string;
};

export type FunctionLogs = {
  /** In no promised order; empty for a group that does not exist. */
  read(group: string, since: number, filter: string | undefined): Promise<readonly LogEvent[]>;
};

/** Everything of AWS that a run touches, in one account and region. */
export type Cloud = {
  readonly region: string;
  /** The one address of all services, when it is not AWS's own. */
  readonly endpointUrl: string | undefined;
  readonly identity: Identity;
  readonly stacks: Stacks;
  readonly artifacts: Artifacts;
  readonly functions: Functions;
  readonly logs: FunctionLogs;
};

/** What a service answered in place of doing what it was asked; `name` is AWS's own word for it. */
export type Refusal = Error & {
  readonly code: string;
  readonly service: string;
  readonly operation: string;
  readonly statusCode: number | undefined;
  /** What S3 says of a bucket that it does not open. */
  readonly bucketRegion: string | undefined;
};
