import type { ClientSettings } from "./service.ts";

/** Dummy keys, for endpoints that are not AWS. */
const DUMMY = { accessKeyId: "wsgw", secretAccessKey: "wsgw" } as const;

/** Where calls go, and with which keys: one URL for all of AWS never gets the user's own. */
export function endpointSettings(asked: {
  readonly endpointUrl: string | undefined;
  readonly profile: string | undefined;
}): Pick<ClientSettings, "endpoint" | "credentials" | "profile"> {
  const { endpointUrl, profile } = asked;
  if (endpointUrl !== undefined) return { endpoint: endpointUrl, credentials: DUMMY };
  return profile === undefined ? {} : { profile };
}
