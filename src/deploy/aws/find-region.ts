import { DEFAULT_REGION } from "../../definition/region.ts";
import { WsgwError } from "../../errors.ts";

/**
 * The region of a command: the requested one, else that of the environment, else the profile's. Without one,
 * commands that only read use `elseRegion`, and others throw AWS_REGION_UNKNOWN.
 */
export async function findRegion(options: {
  readonly region?: string | undefined;
  readonly elseRegion?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpointUrl?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<string> {
  const { region, elseRegion, profile, endpointUrl, env } = options;
  const named = region || env.AWS_REGION || env.AWS_DEFAULT_REGION;
  if (named) return named;
  if (endpointUrl !== undefined) return DEFAULT_REGION;
  const { STSClient } = await import("./sdk/identity.ts");
  const client = new STSClient(profile === undefined ? {} : { profile });
  try {
    return await client.config.region();
  } catch (cause) {
    if (elseRegion !== undefined) return elseRegion;
    throw new WsgwError("AWS_REGION_UNKNOWN", "No region is set.", { cause });
  } finally {
    client.destroy();
  }
}
