/** What docs/errors.md tells of a code beside its advice. Loaded by that page's script only. */
export type Described = {
  readonly when: string;
  /** A message as the code throws it, with {names} for values; left out where they differ too much. */
  readonly says?: string;
  /** A page of docs/. */
  readonly page: string;
};

/** Codes of commands that work on AWS. */
export const ON_AWS = {
  LOG_ROLE_NOT_FOUND: {
    when: "Logging is asked for, and API Gateway has no role of the account to write logs with.",
    page: "definition.md",
  },
  AWS_CREDENTIALS: {
    when: "No AWS credentials are found for a command that works on AWS, or AWS refuses them.",
    page: "deploying.md",
  },
  AWS_REFUSED: {
    when: "AWS answered a call of wsgw with an error: most often a permission is missing.",
    says: "{service} refused {operation}: {message} ({code})",
    page: "deploying.md",
  },
  AWS_REGION_UNKNOWN: {
    when: "Neither an option, nor the environment, nor the profile names a region.",
    says: "Nothing says in which region to work.",
    page: "deploying.md",
  },
  AWS_UNREACHABLE: {
    when: "No answer came from a service of AWS, or from `--endpoint-url`.",
    says: "{service} cannot be reached: {reason}.",
    page: "deploying.md",
  },
  BUCKET_UNUSABLE: {
    when: "The bucket for the code does not exist, belongs to somebody else, or is in another region.",
    says: "There is no bucket {bucket}.",
    page: "deploying.md",
  },
  HOOK_FAILED: {
    when: "A hook of the definition threw, or returned what cannot be used.",
    says: "The hook {hook} failed: {why}",
    page: "deploying.md",
  },
  NOT_CODE_ONLY: {
    when: "`wsgw deploy --code-only` found more changed than code.",
    page: "deploying.md",
  },
  NOT_DEPLOYABLE: {
    when: "The definition uses what runs on this machine only.",
    page: "deploying.md",
  },
  PACKAGE_INVALID: {
    when: "The zip of a function cannot be made, or what is in it does not load.",
    page: "deploying.md",
  },
  ROLE_NOT_FOUND: {
    when: "A function names a role that the account does not have.",
    page: "deploying.md",
  },
  STACK_NOT_FOUND: {
    when: "There is no stack of this name in the account and region.",
    says: "There is no stack {name} in {region}.",
    page: "deploying.md",
  },
  STACK_STUCK: {
    when: "The stack is in a state that CloudFormation cannot leave by itself.",
    says: "The stack {name} is {status}{reason}.",
    page: "deploying.md",
  },
  TEMP_FOLDER_UNUSABLE: {
    when: "The code of a function is unpacked into the folder for temporary files, to be loaded before a deployment, and that folder cannot be written.",
    says: "{folder} cannot be written: {why}.",
    page: "deploying.md",
  },
  TEMPLATE_INVALID: {
    when: "The CloudFormation template has faults that AWS would refuse.",
    page: "deploying.md",
  },
} as const satisfies Readonly<Record<string, Described>>;
