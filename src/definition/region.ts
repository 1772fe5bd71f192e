/** Format of region names: `eu-west-1`, `us-gov-west-1`, `eusc-de-east-1`. */
export const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d+$/;

/** The partitions of AWS other than the commercial one, by prefix of their regions. */
const PARTITIONS = [
  { start: "cn-", name: "aws-cn", domain: "amazonaws.com.cn" },
  { start: "us-gov-", name: "aws-us-gov", domain: "amazonaws.com" },
  { start: "eusc-", name: "aws-eusc", domain: "amazonaws.eu" },
] as const;

/**
 * The partition of a region: its name, which ARNs contain, and the domain of its hosts.
 * @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 */
export function partitionOf(region: string): { readonly name: string; readonly domain: string } {
  const found = PARTITIONS.find(({ start }) => region.startsWith(start));
  return found ?? { name: "aws", domain: "amazonaws.com" };
}

/** The region if none is configured. */
export const DEFAULT_REGION = "us-east-1";

/**
 * The region of a project: the requested one, else the definition's, else that of the environment as SDKs
 * read it, else us-east-1.
 */
export function regionFor(
  asked: string | undefined,
  defined: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  return asked || defined || env.AWS_REGION || env.AWS_DEFAULT_REGION || DEFAULT_REGION;
}
