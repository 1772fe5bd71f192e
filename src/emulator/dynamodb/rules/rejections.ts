/** DynamoDB's response when it rejects a call. */
export type DynamoDbRejection = {
  readonly statusCode: number;
  /** `__type` as sent; SDKs take the error's name from the part after the `#`. */
  readonly type: string;
  readonly message: string;
  /** IAM's errors spell it with a capital letter. */
  readonly messageField?: "message" | "Message";
};

/** A rejection in the service's own model: 400 `ResourceNotFoundException` and similar. */
export function modelled(name: string, message: string, statusCode = 400): DynamoDbRejection {
  return { statusCode, type: `com.amazonaws.dynamodb.v20120810#${name}`, message };
}

/** A rejection by the front end that all JSON services of AWS share. */
export function general(name: string, message: string, statusCode = 400): DynamoDbRejection {
  return { statusCode, type: `com.amazon.coral.service#${name}`, message };
}

/** A rejection because of the caller's role. [observed] */
export function accessDenied(message: string): DynamoDbRejection {
  return { ...general("AccessDeniedException", message), messageField: "Message" };
}

/** A rejection of a call's contents. */
export function invalid(message: string): DynamoDbRejection {
  return {
    statusCode: 400,
    type: "com.amazon.coral.validate#ValidationException",
    message,
  };
}

/**
 * A response for an internal error of the store.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export function internal(error: Error): DynamoDbRejection {
  const isDisk = "code" in error && String(error.code).startsWith("LEVEL_");
  const message = isDisk
    ? `wsgw cannot write the local table: ${error.message}`
    : `wsgw's built-in DynamoDB failed: ${error.message}`;
  return modelled("InternalServerError", message, 500);
}

/** The body of a rejection; a serialization error has no message on AWS either. */
export function rejectionBody({
  type,
  message,
  messageField = "message",
}: DynamoDbRejection): string {
  return JSON.stringify({ __type: type, ...(message !== "" && { [messageField]: message }) });
}
