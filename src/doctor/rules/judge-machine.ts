import type { CredentialSources } from "../../emulator/iam/credential-names.ts";
import type { PortHolder } from "../../project-directory/port-holders.ts";
import { blocked, type Finding, good, warning } from "./findings.ts";

/** Checks the running Node against `engines` of the package, such as `>=20.19`. */
export function judgeNode(version: string, engines: string): Finding {
  const needed = numbers(engines);
  const comparison = compare(numbers(version), needed);
  if (comparison >= 0) return good("node", `Node ${version}; wsgw needs ${engines}.`);
  const advice = `Install Node ${needed.join(".")} or newer: https://nodejs.org.`;
  return blocked("node", `Node ${version} is too old; wsgw needs ${engines}.`, advice);
}

function numbers(text: string): readonly number[] {
  return (/\d+(?:\.\d+)*/.exec(text)?.[0] ?? "0").split(".").map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = b.findIndex((part, index) => (a[index] ?? 0) !== part);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** The state of the port for `wsgw dev`. */
export type PortState =
  | { readonly kind: "free" }
  | { readonly kind: "unusable"; readonly why: string }
  | { readonly kind: "held"; readonly by: PortHolder | undefined };

/** `ownPids` are the gateways of this project. */
export function judgePort(port: number, state: PortState, ownPids: readonly number[]): Finding {
  switch (state.kind) {
    case "free":
      return good("port", port === 0 ? "Port 0 uses any free port." : `Port ${port} is free.`);
    case "unusable":
      return blocked(
        "port",
        `Nothing can listen on port ${port}: ${state.why}.`,
        "Choose another with wsgw dev --port. Ports below 1024 often need more rights.",
      );
    case "held":
      return judgeHolder(port, state.by, ownPids);
    default:
      return state satisfies never;
  }
}

function judgeHolder(
  port: number,
  holder: PortHolder | undefined,
  ownPids: readonly number[],
): Finding {
  const other = "choose another port: wsgw dev --port 0 uses any free port.";
  if (holder === undefined) {
    return blocked(
      "port",
      `Port ${port} is in use by a process that this user cannot see.`,
      `Stop it, or ${other}`,
    );
  }
  const { pid, command, project } = holder;
  if (ownPids.includes(pid)) {
    return warning(
      "port",
      `Port ${port} is in use by the gateway of this project (process ${pid}).`,
      `For a second one, ${other}`,
    );
  }
  const who =
    project === undefined
      ? `process ${pid}${command === undefined ? "" : ` (${command})`}`
      : `the gateway of ${project} (process ${pid})`;
  return blocked("port", `Port ${port} is in use by ${who}.`, `Stop it, or ${other}`);
}

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
