import { networkInterfaces } from "node:os";
import type { OwnAddress } from "./rules/public-host.ts";

/** The addresses of this machine, in the order in which the system lists its interfaces. */
export function ownAddresses(): readonly OwnAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.map(({ address, family, internal }) => ({ name, address, family, internal })),
  );
}
