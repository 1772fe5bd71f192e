import { REGION } from "../../../definition/region.ts";

/**
 * The region whose tables a call uses: that of its signature, because tables are regional, as on AWS. A region
 * that AWS cannot have, such as `local`, means `home`, the gateway's region.
 */
export function regionOfCall(signedFor: string, home: string): string {
  return REGION.test(signedFor) ? signedFor : home;
}
