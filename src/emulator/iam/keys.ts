import { randomBytes } from "node:crypto";
import { idOf } from "./rules/caller-arns.ts";
import type { IssuedKey, SecretFor } from "./rules/verify-signature.ts";

/** Access keys that the emulator issues; they are unknown to AWS. */
export type Keys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

/** The holders of keys: one key per function, one for the developer, and those of mock identities. */
export type KeyRing = {
  readonly developer: Keys;
  /** Keys for an external DynamoDB: the functions have the same. */
  readonly forTables: Keys;
  /** Always the same for a function. */
  forFunction(functionName: string): Keys;
  /** The same for an identity until they expire. `durationSeconds`: default as long as the key ring. */
  forIdentity(name: string, durationSeconds: number | undefined, now: number): Keys;
  readonly secretFor: SecretFor;
};

/**
 * Issues keys. `awsKeys`, which are real AWS keys, go to all functions. With `shared` the developer and all
 * functions have one key, with the same id at every start: DynamoDB Local keeps a database for each id.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.UsageNotes.html
 */
export function createKeyRing({
  awsKeys,
  shared,
}: {
  readonly awsKeys?: Keys | undefined;
  readonly shared?: boolean;
} = {}): KeyRing {
  const byFunction = new Map<string, Keys>();
  const byIdentity = new Map<string, Keys>();
  const issued = new Map<string, IssuedKey>();
  if (awsKeys !== undefined)
    issued.set(awsKeys.accessKeyId, { ...awsKeys, functionName: undefined });

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
    forTables: awsKeys ?? developer,
    forFunction(functionName) {
      if (awsKeys !== undefined) return awsKeys;
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

/** The AWS keys in an environment; undefined if it has none. */
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

/** Letters only, as DynamoDB Local requires; other programs with this id see the same tables. */
const SHARED_ID = "wsgw";

/** Keys in the format of temporary credentials: an id of 20 characters, a secret of 40. */
function newKeys(): Keys {
  return {
    accessKeyId: `ASIA${idOf(randomBytes(16))}`,
    secretAccessKey: randomBytes(30).toString("base64"),
    sessionToken: randomBytes(96).toString("base64"),
  };
}
