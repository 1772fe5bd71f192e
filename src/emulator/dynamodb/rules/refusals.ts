/** DynamoDB's answer when it refuses a call. */
export type DynamoDbRefusal = {
  readonly statusCode: number;
  /** `__type` as it is on the wire; SDKs name the error by what follows the `#`. */
  readonly type: string;
  readonly message: string;
  /** The errors that IAM makes spell it with a capital. */
  readonly messageField?: "message" | "Message";
};

/** A refusal by the service's own model: 400 `ResourceNotFoundException` and the like. */
export function modelled(name: string, message: string, statusCode = 400): DynamoDbRefusal {
  return { statusCode, type: `com.amazonaws.dynamodb.v20120810#${name}`, message };
}

/** A refusal by the front end that all of AWS's JSON services share. */
export function general(name: string, message: string, statusCode = 400): DynamoDbRefusal {
  return { statusCode, type: `com.amazon.coral.service#${name}`, message };
}

/** A refusal for what the caller's role allows. [observed] */
export function accessDenied(message: string): DynamoDbRefusal {
  return { ...general("AccessDeniedException", message), messageField: "Message" };
}

/** A refusal of what a call says. */
export function invalid(message: string): DynamoDbRefusal {
  return {
    statusCode: 400,
    type: "com.amazon.coral.validate#ValidationException",
    message,
  };
}

/**
 * A refusal by a store that has failed.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export function internal(error: Error): DynamoDbRefusal {
  const isDisk = "code" in error && String(error.code).startsWith("LEVEL_");
  const message = isDisk
    ? `The local table cannot be written: ${error.message}`
    : `wsgw's built-in DynamoDB failed: ${error.message}`;
  return modelled("InternalServerError", message, 500);
}

/** The body of a refusal; a serialization fault has no message on AWS either. */
export function refusalBody({ type, message, messageField = "message" }: DynamoDbRefusal): string {
  return JSON.stringify({ __type: type, ...(message !== "" && { [messageField]: message }) });
}
