import { keysIn } from "../../emulator/iam/keys.ts";
import type { ClientCredentials } from "../../emulator/iam/rules/sign-request.ts";
import { translate } from "./aws-errors.ts";
import { findRegion } from "./find-region.ts";

/**
 * The user's AWS keys, from the sources of AWS's tools, and a region: `region`, or that of the profile or
 * environment. Throws AWS_CREDENTIALS without keys, and AWS_REGION_UNKNOWN without a region.
 */
export async function findOwnKeys({
  profile,
  region,
  env,
}: {
  readonly profile: string | undefined;
  readonly region: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<{ readonly credentials: ClientCredentials; readonly region: string }> {
  const found = await findRegion({ profile, region, env });
  const inShell = profile === undefined ? keysIn(env) : undefined;
  if (inShell !== undefined) return { credentials: inShell, region: found };
  const { STSClient } = await import("./sdk/identity.ts");
  const client = new STSClient({ region: found, ...(profile !== undefined && { profile }) });
  try {
    return { credentials: await client.config.credentials(), region: found };
  } catch (error) {
    throw translate("The AWS SDK", "credentials", error);
  } finally {
    client.destroy();
  }
}
