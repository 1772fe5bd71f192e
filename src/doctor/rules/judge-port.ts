import type { PortHolder } from "../../project-directory/port-holders.ts";
import { blocked, type Finding, good, warning } from "./findings.ts";

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

export function judgeGateways(urls: readonly string[]): Finding {
  if (urls.length === 0) return good("gateway", "No gateway of this project runs.");
  return good("gateway", `A gateway of this project runs: ${urls.join(", ")}.`);
}
