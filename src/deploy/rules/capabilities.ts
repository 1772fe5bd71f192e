/**
 * The capabilities of every change set. A stack contains roles, which a template may name. A template of your
 * own may have macros, such as SAM's transform; the change set shows what they make.
 */
export const CAPABILITIES = [
  "CAPABILITY_IAM",
  "CAPABILITY_NAMED_IAM",
  "CAPABILITY_AUTO_EXPAND",
] as const;
