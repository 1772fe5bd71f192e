type Environment = Readonly<Record<string, string | undefined>>;

/** Variables by which SDKs find credentials. */
const CREDENTIALS =
  /^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|(?:DEFAULT_)?PROFILE|WEB_IDENTITY_TOKEN_FILE|ROLE_ARN|CONTAINER_\w+)$/;

/** An environment in which SDKs find no credentials; `emptyFile` replaces their files. */
export function withoutCredentials(env: Environment, emptyFile: string): Environment {
  const kept = Object.entries(env).filter(([name]) => !CREDENTIALS.test(name));
  return {
    ...Object.fromEntries(kept),
    AWS_CONFIG_FILE: emptyFile,
    AWS_SHARED_CREDENTIALS_FILE: emptyFile,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}
