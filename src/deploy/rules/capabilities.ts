/**
 * The capabilities of every change set: a stack contains roles, which a template may name, and a template of your
 * own may have macros, such as SAM's transform. CloudFormation's preview, a change set, shows what they make.
 */
export const CAPABILITIES = [
  "CAPABILITY_IAM",
  "CAPABILITY_NAMED_IAM",
  "CAPABILITY_AUTO_EXPAND",
] as const;
