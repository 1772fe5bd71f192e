import { createHash } from "node:crypto";

/** The id of an API key, as in events and in `Ref` of templates. */
export function apiKeyIdOf(root: string, name: string): string {
  return apiIdOf(root, `API key ${name}`);
}

/** Ten lower-case letters and digits, always the same for a project. */
export function apiIdOf(root: string, name: string): string {
  const digest = createHash("sha256").update(`${root}\n${name}`).digest("hex");
  return BigInt(`0x${digest}`).toString(36).slice(0, 10);
}
