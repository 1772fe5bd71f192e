/**
 * The region of a project: the one asked for, else that of the definition, else that of the environment as the SDKs
 * read it, else us-east-1.
 */
export function regionFor(
  asked: string | undefined,
  defined: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  return asked || defined || env.AWS_REGION || env.AWS_DEFAULT_REGION || "us-east-1";
}
