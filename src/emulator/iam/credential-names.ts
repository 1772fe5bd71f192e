import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** Places where programs find AWS credentials. */
export type CredentialSources = {
  /** Names of environment variables, never their values. */
  readonly variables: readonly string[];
  readonly profiles: readonly string[];
  /** The profile in AWS_PROFILE. */
  readonly profile: string | undefined;
};

/**
 * The sources of credentials for SDKs; one variable of each pair is enough.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 */
const VARIABLES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/** Looks for AWS credentials without reading them: only names of variables and profiles. */
export async function findCredentials(
  env: Readonly<Record<string, string | undefined>>,
): Promise<CredentialSources> {
  const home = join(env.HOME ?? env.USERPROFILE ?? homedir(), ".aws");
  const files = [
    env.AWS_SHARED_CREDENTIALS_FILE || join(home, "credentials"),
    env.AWS_CONFIG_FILE || join(home, "config"),
  ];
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  return {
    variables: VARIABLES.filter((name) => env[name]),
    profiles: [...new Set(texts.flatMap(profilesIn))],
    profile: env.AWS_PROFILE || undefined,
  };
}

/** Whether SDKs find credentials. Without the name of a profile, they use only the profile `default`. */
export function hasCredentials({ variables, profiles, profile }: CredentialSources): boolean {
  return variables.length > 0 || profile !== undefined || profiles.includes("default");
}

/**
 * Sections are `[name]` in credentials; in config they are `[profile name]`, and also sso sessions and
 * services.
 */
function profilesIn(text: string): readonly string[] {
  const sections = [...text.matchAll(/^\s*\[\s*([^\]]+?)\s*\]/gm)].map(([, name = ""]) => name);
  return sections
    .filter((name) => !/^(sso-session|services)\s/.test(name))
    .map((name) => name.replace(/^profile\s+/, ""));
}
