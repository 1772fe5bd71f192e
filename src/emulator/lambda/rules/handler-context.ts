/** The values of an invocation's context. */
export type ContextValues = {
  readonly awsRequestId: string;
  readonly arn: string;
  /** The function's environment variables: most of the context is read from them. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Time in ms before the function's timeout. */
  readonly remainingMs: () => number;
};

/** The context's old methods, by which a handler ends its call. */
type End<Arguments extends unknown[]> = (...values: Arguments) => void;

/**
 * The context object that a handler receives, with the keys of Lambda's Node runtime in their order.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export function handlerContext(
  { awsRequestId, arn, environment, remainingMs }: ContextValues,
  succeed: End<[result: unknown]>,
  fail: End<[error: unknown]>,
  done: End<[error: unknown, result: unknown]>,
) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    succeed,
    fail,
    done,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: arn,
    awsRequestId,
    getRemainingTimeInMillis: remainingMs,
  };
}
