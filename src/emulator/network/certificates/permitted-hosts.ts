import { BlockList, isIP, isIPv4 } from "node:net";
import { AWS_DOMAINS } from "../rules/hosts.ts";

/** Names that the authority permits; each includes subdomains. */
export const PERMITTED_NAMES = [
  "localhost",
  ...AWS_DOMAINS,
  "test",
  "internal",
  "local",
  "home.arpa",
];
/** Addresses with mask: this machine and private networks. */
export const PERMITTED_NETWORKS = [
  "7f000000ff000000", // 127.0.0.0/8
  "0a000000ff000000", // 10.0.0.0/8
  "ac100000fff00000", // 172.16.0.0/12
  "c0a80000ffff0000", // 192.168.0.0/16
  "a9fe0000ffff0000", // 169.254.0.0/16
  `${"0".repeat(31)}1${"f".repeat(32)}`, // ::1
  `fc${"0".repeat(30)}fe${"0".repeat(30)}`, // fc00::/7
  `fe80${"0".repeat(28)}ffc0${"0".repeat(28)}`, // fe80::/10
];

/** Whether the authority's name constraints permit a DNS name. */
export function isPermittedName(name: string): boolean {
  const lower = name.toLowerCase();
  return PERMITTED_NAMES.some(
    (permitted) => lower === permitted || lower.endsWith(`.${permitted}`),
  );
}

const PRIVATE = new BlockList();
for (const [network, bits] of [
  ["127.0.0.0", 8],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
] as const) {
  PRIVATE.addSubnet(network, bits, "ipv4");
}
PRIVATE.addAddress("::1", "ipv6");
PRIVATE.addSubnet("fc00::", 7, "ipv6");
PRIVATE.addSubnet("fe80::", 10, "ipv6");

/** Whether the authority's constraints permit a DNS name or an IP address. */
export function isPermitted(host: string): boolean {
  if (isPermittedName(host)) return true; // first, because the check for addresses takes 5 ms on first use
  if (isIP(host) === 0) return false;
  return PRIVATE.check(host, isIPv4(host) ? "ipv4" : "ipv6");
}

/**
 * Whether a host needs its own authority, valid for that host only: a device that trusts the project's
 * authority trusts it for no public hosts but AWS's.
 */
export function needsOwnAuthority(publicHost: string | undefined): publicHost is string {
  return publicHost !== undefined && !isPermitted(publicHost);
}
