import { createHash } from "node:crypto";
import type { ApiKey } from "./checked-project.ts";

export type LocalApiKey = ApiKey & {
  readonly value: string;
  /** Whether the value was generated on this machine. */
  readonly isMadeHere: boolean;
};

/** An API key with a value, which is always the same for a project. */
export function localApiKey(root: string, key: ApiKey): LocalApiKey {
  return {
    ...key,
    value: key.value ?? madeUpValue(`${root}\n${key.name}`),
    isMadeHere: key.value === undefined,
  };
}

/** 40 letters and digits, as API Gateway generates them. */
function madeUpValue(seed: string): string {
  const digest = createHash("sha512").update(`API key\n${seed}`).digest("base64");
  return digest.replace(/[^A-Za-z0-9]/g, "").slice(0, 40);
}
