/**
 * Bytes of a template. Up to the first it may stand in the call itself, up to the second in S3; what is
 * larger CloudFormation does not take. A megabyte there is taken for a million, which is the less.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export const TEMPLATE_LIMITS = { bodyBytes: 51_200, urlBytes: 1_000_000 } as const;
