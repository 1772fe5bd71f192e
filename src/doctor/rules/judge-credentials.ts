import type { CredentialSources } from "../../emulator/iam/credential-names.ts";
import { type Finding, good, warning } from "./findings.ts";

/** Only commands that use AWS need credentials. wsgw reads the names of variables and profiles, not their values. */
export function judgeCredentials(sources: CredentialSources): Finding {
  const { variables, profiles, profile } = sources;
  const apart = "Functions on this machine do not get them; wsgw gives them placeholder keys.";
  if (profile !== undefined && !profiles.includes(profile)) {
    const there = profiles.length === 0 ? "it has none" : `it has ${profiles.join(", ")}`;
    return warning(
      "credentials",
      `AWS_PROFILE is "${profile}", but ~/.aws does not have this profile: ${there}.`,
      "Only commands that use AWS, such as wsgw deploy, need it. Correct AWS_PROFILE, or run aws configure.",
    );
  }
  const named = variables.join(", ");
  const places = [
    ...(variables.length === 0 ? [] : [`${named} of the environment`]),
    ...(profiles.length === 0 ? [] : [`~/.aws (${profiles.join(", ")})`]),
  ];
  if (places.length > 0) {
    return good("credentials", `AWS credentials found: ${places.join("; ")}. ${apart}`);
  }
  return warning(
    "credentials",
    "No AWS credentials found; the emulator does not need any.",
    "For wsgw deploy, sign in (aws sso login, aws configure) or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
  );
}
