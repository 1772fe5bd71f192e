/** The contents of docs/errors.md about a code, besides its advice. Only that page's script loads it. */
export type Described = {
  readonly when: string;
  /** A message as the code throws it, with {names} for values; absent if messages differ too much. */
  readonly says?: string;
  /** A page of docs/. */
  readonly page: string;
};

/** Codes of commands that work on AWS. */
export const ON_AWS = {
  LOG_ROLE_NOT_FOUND: {
    when: "The definition enables logging, but the account has no role with which API Gateway can write logs.",
    page: "definition.md",
  },
  AWS_CREDENTIALS: {
    when: "A command that uses AWS found no credentials, or AWS rejected them.",
    page: "deploying.md",
  },
  AWS_REFUSED: {
    when: "AWS answered a call with an error. Usually a permission is missing.",
    says: "{service} rejected {operation}: {message} ({code})",
    page: "deploying.md",
  },
  AWS_REGION_UNKNOWN: {
    when: "No option, environment variable or profile sets a region.",
    says: "No region is set.",
    page: "deploying.md",
  },
  AWS_UNREACHABLE: {
    when: "An AWS service, or `--endpoint-url`, did not answer.",
    says: "{service} is unreachable: {reason}.",
    page: "deploying.md",
  },
  BUCKET_UNUSABLE: {
    when: "The bucket for the code does not exist, belongs to another account, or is in another region.",
    says: "The bucket {bucket} does not exist.",
    page: "deploying.md",
  },
  HOOK_FAILED: {
    when: "A hook of the definition threw an error, or returned an invalid value.",
    says: "The hook {hook} failed: {why}",
    page: "deploying.md",
  },
  NOT_CODE_ONLY: {
    when: "`wsgw deploy --code-only` found changes other than code.",
    page: "deploying.md",
  },
  NOT_DEPLOYABLE: {
    when: "The definition uses a feature that works on this machine only.",
    page: "deploying.md",
  },
  PACKAGE_INVALID: {
    when: "wsgw cannot create the zip of a function, or the code in it does not load.",
    page: "deploying.md",
  },
  ROLE_NOT_FOUND: {
    when: "A function names a role that does not exist in the account.",
    page: "deploying.md",
  },
  STACK_NOT_FOUND: {
    when: "The stack with this name does not exist in the account and region.",
    says: "The stack {name} does not exist in {region}.",
    page: "deploying.md",
  },
  STACK_STUCK: {
    when: "The stack is in a state that CloudFormation cannot leave without your help.",
    says: "The stack {name} is {status}{reason}.",
    page: "deploying.md",
  },
  TEMP_FOLDER_UNUSABLE: {
    when: "Before a deployment, wsgw unpacks and loads the code of functions in the directory for temporary files. That directory is not writable.",
    says: "{directory} cannot be written: {why}.",
    page: "deploying.md",
  },
  TEMPLATE_INVALID: {
    when: "The CloudFormation template has errors that AWS would reject.",
    page: "deploying.md",
  },
} as const satisfies Readonly<Record<string, Described>>;
