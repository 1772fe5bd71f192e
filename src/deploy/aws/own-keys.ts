import { keysIn } from "../../emulator/iam/keys.ts";
import type { ClientCredentials } from "../../emulator/iam/rules/sigv4.ts";
import { translate } from "./aws-errors.ts";
import { findRegion } from "./connect.ts";

/**
 * The AWS keys of the person at the terminal, from where AWS's tools take them, and a region: `region`, or the one that
 * these name. Throws AWS_CREDENTIALS where there are none, and AWS_REGION_UNKNOWN.
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
