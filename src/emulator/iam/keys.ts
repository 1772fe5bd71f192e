import { randomBytes } from "node:crypto";
import type { IssuedKey, SecretFor } from "./rules/authorization.ts";
import { idOf } from "./rules/callers.ts";

/** Access keys that the emulator issues; AWS knows nothing of them. */
export type Keys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

/** Who holds which key: one key a function, one for the person at the terminal, and those of mock identities. */
export type KeyRing = {
  readonly developer: Keys;
  /** What tables outside the gateway are made with: the functions have the same. */
  readonly forTables: Keys;
  /** The same one every time for the same function. */
  forFunction(functionName: string): Keys;
  /** The same ones for the same identity, until they expire. `durationSeconds`: as long as the key ring. */
  forIdentity(name: string, durationSeconds: number | undefined, now: number): Keys;
  readonly secretFor: SecretFor;
};

/**
 * Issues keys. `lent` keys, which are somebody's on AWS, go to all functions. With `shared` the developer and
 * all functions have one, by the same id at every start: DynamoDB Local keeps a database for each id.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.UsageNotes.html
 */
export function createKeyRing({
  lent,
  shared,
}: {
  readonly lent?: Keys | undefined;
  readonly shared?: boolean;
} = {}): KeyRing {
  const byFunction = new Map<string, Keys>();
  const byIdentity = new Map<string, Keys>();
  const issued = new Map<string, IssuedKey>();
  if (lent !== undefined) issued.set(lent.accessKeyId, { ...lent, functionName: undefined });

  function issue(
    keys: Keys,
    functionName?: string,
    ofIdentity?: Pick<IssuedKey, "identity" | "expiresAt">,
  ): Keys {
    issued.set(keys.accessKeyId, { ...keys, functionName, ...ofIdentity });
    return keys;
  }

  const developer = issue(shared ? { ...newKeys(), accessKeyId: SHARED_ID } : newKeys());
  return {
    developer,
    forTables: lent ?? developer,
    forFunction(functionName) {
      if (lent !== undefined) return lent;
      if (shared) return developer;
      const keys = byFunction.get(functionName) ?? issue(newKeys(), functionName);
      byFunction.set(functionName, keys);
      return keys;
    },
    forIdentity(name, durationSeconds, now) {
      const before = byIdentity.get(name);
      const { expiresAt = Number.POSITIVE_INFINITY } = issued.get(before?.accessKeyId ?? "") ?? {};
      if (before !== undefined && now < expiresAt) return before;
      const keys = issue(newKeys(), undefined, {
        identity: name,
        ...(durationSeconds !== undefined && { expiresAt: now + durationSeconds * 1000 }),
      });
      byIdentity.set(name, keys);
      return keys;
    },
    secretFor: (accessKeyId) => issued.get(accessKeyId),
  };
}

/** The keys that an environment carries for AWS's tools; undefined when there are none. */
export function keysIn(
  environment: Readonly<Record<string, string | undefined>>,
): Keys | undefined {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken = "",
  } = environment;
  return accessKeyId && secretAccessKey
    ? { accessKeyId, secretAccessKey, sessionToken }
    : undefined;
}

/** Letters only, as DynamoDB Local wants it; other programs that use it see the same tables. */
const SHARED_ID = "wsgw";

/** Keys in the form of temporary credentials: an id of 20 characters, a secret of 40. */
function newKeys(): Keys {
  return {
    accessKeyId: `ASIA${idOf(randomBytes(16))}`,
    secretAccessKey: randomBytes(30).toString("base64"),
    sessionToken: randomBytes(96).toString("base64"),
  };
}
