import { networkInterfaces } from "node:os";
import { WsgwError } from "../errors.ts";
import { readHost } from "./network/rules/public-host.ts";
import { type OwnAddress, pickAddress } from "./network/rules/reachable-address.ts";

/** Resolves the `--public-host` option. Throws a WsgwError for an invalid host. */
export function findPublicHost(asked: string | undefined): string | undefined {
  if (asked === undefined) return undefined;
  if (asked === "auto") {
    const address = pickAddress(ownAddresses());
    if (address !== undefined) return address;
    const message =
      "This machine has no IPv4 address that others can reach: it is not in a network.";
    throw new WsgwError("PUBLIC_HOST_UNUSABLE", message);
  }
  const host = readHost(asked);
  if (host !== undefined) return host;
  throw new WsgwError(
    "PUBLIC_HOST_UNUSABLE",
    `"${asked}" is neither a host name nor an IP address.`,
  );
}

function ownAddresses(): readonly OwnAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.map(({ address, family, internal }) => ({ name, address, family, internal })),
  );
}
