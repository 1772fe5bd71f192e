import { createHash } from "node:crypto";
import { partitionOf } from "../../../definition/region.ts";

/** Region and account of callers. */
export type CallerPlace = { readonly region: string; readonly accountId: string };

export function userArn(name: string, { region, accountId }: CallerPlace): string {
  return `arn:${partitionOf(region).name}:iam::${accountId}:user/${name}`;
}

/** The ARN of a role session. On Lambda the session has the function's name. */
export function sessionArn(role: string, session: string, place: CallerPlace): string {
  const { region, accountId } = place;
  return `arn:${partitionOf(region).name}:sts::${accountId}:assumed-role/${role}/${session}`;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Encodes bytes with the letters and digits of IAM's ids. */
export function idOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

/**
 * The unique id of a caller, always the same for an ARN: `AIDA…` of a user, `AROA…:SESSION` of a role
 * session.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function callerId(arn: string): string {
  const [, role, session] = /:assumed-role\/(.+)\/([^/]+)$/.exec(arn) ?? [];
  const digest = createHash("sha256")
    .update(role ?? arn)
    .digest();
  const id = idOf(digest.subarray(0, 17));
  return session === undefined ? `AIDA${id}` : `AROA${id}:${session}`;
}
