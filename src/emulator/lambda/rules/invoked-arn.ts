/**
 * `invokedFunctionArn` of the context; ends with the alias or version that the caller used.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export function invokedArn(arn: string, qualifier: string | undefined): string {
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}
