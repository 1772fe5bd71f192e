/**
 * Whether a handler's callback waits until nothing is left to do before its result counts: not for an error, and
 * not if the handler has switched it off in its context.
 */
export function waitsForEmptyLoop(
  isError: boolean,
  { callbackWaitsForEmptyEventLoop }: { readonly callbackWaitsForEmptyEventLoop: boolean },
): boolean {
  return !isError && callbackWaitsForEmptyEventLoop;
}

/** Assumed: later runtimes behave like `nodejs24.x`, which removed callbacks. */
const FIRST_WITHOUT = 24;

/**
 * Advice for the author of a callback handler if the function's runtime no longer supports callbacks. A
 * handler counts as one if it declares three parameters, `async` or not. `executionEnvironment` is the value
 * of `AWS_EXECUTION_ENV`.
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client `errorOnDeprecatedCallback`
 */
export function adviceOnCallback(
  parameters: number,
  executionEnvironment: string | undefined,
): string | undefined {
  const version = /^AWS_Lambda_nodejs(\d+)\.x/.exec(executionEnvironment ?? "")?.[1];
  if (parameters < 3 || version === undefined || Number(version) < FIRST_WITHOUT) return undefined;
  return `nodejs${version}.x does not support callback handlers. On AWS this function fails with Runtime.CallbackHandlerDeprecated, because its handler declares three parameters. Make it async and remove the third parameter, or set its runtime to "nodejs22.x".`;
}
