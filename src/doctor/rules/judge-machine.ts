import type { CredentialSources } from "../../emulator/iam/credential-sources.ts";
import type { PortHolder } from "../../project-folder/port-holders.ts";
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
      return good("port", port === 0 ? "Port 0 takes any that is free." : `Port ${port} is free.`);
    case "unusable":
      return blocked(
        "port",
        `Nothing can listen on port ${port}: ${state.why}.`,
        "Choose another with wsgw dev --port; those below 1024 often need more rights.",
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
  const other = "choose another port: wsgw dev --port 0 takes any that is free.";
  if (holder === undefined) {
    return blocked(
      "port",
      `Port ${port} is held by a process that cannot be seen from here.`,
      `Stop it, or ${other}`,
    );
  }
  const { pid, command, project } = holder;
  if (ownPids.includes(pid)) {
    return warning(
      "port",
      `Port ${port} is held by the gateway of this project (process ${pid}).`,
      `For one more, ${other}`,
    );
  }
  const who =
    project === undefined
      ? `process ${pid}${command === undefined ? "" : ` (${command})`}`
      : `the gateway of ${project} (process ${pid})`;
  return blocked("port", `Port ${port} is held by ${who}.`, `Stop it, or ${other}`);
}

export function judgeCredentials(sources: CredentialSources): Finding {
  const { variables, profiles, profile } = sources;
  const apart = "Functions on this machine do not get them: theirs are made up by wsgw.";
  if (profile !== undefined && !profiles.includes(profile)) {
    const there = profiles.length === 0 ? "there are none" : `there are ${profiles.join(", ")}`;
    return warning(
      "credentials",
      `AWS_PROFILE is "${profile}", and ~/.aws has no such profile; ${there}.`,
      "Only what works on AWS needs it, as wsgw deploy: correct AWS_PROFILE, or run aws configure.",
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
