/**
 * A function in a caller's words: a name, or a partial or full ARN, each with or without a version or alias.
 */
export type FunctionName = {
  readonly name: string;
  readonly qualifier: string | undefined;
  readonly region: string | undefined;
  readonly accountId: string | undefined;
};

/** [documented] model:lambda `NamespacedFunctionName` */
export const FUNCTION_NAME_PATTERN =
  "(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?";
const LONGEST = 256;

/** The same pattern, with named groups. */
const PARTS =
  /^(?:arn:(?:aws[a-zA-Z-]*)?:lambda:)?(?:(?<region>[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?(?:(?<accountId>\d{12}):)?(?:function:)?(?<name>[a-zA-Z0-9-_.]+)(?::(?<qualifier>\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9-_]+))?$/;

/** Parses a function name, as callers write it; undefined if it is not valid. */
export function readFunctionName(text: string): FunctionName | undefined {
  const parts = text.length > LONGEST ? undefined : PARTS.exec(text)?.groups;
  if (parts?.name === undefined) return undefined;
  const { name, qualifier, region, accountId } = parts;
  return { name, qualifier, region, accountId };
}

/** A name in a path, which callers encode. */
export function decodedName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
