/** An address of this machine, as reported by the system. */
export type OwnAddress = {
  /** Of the network interface, such as `eth0`. */
  readonly name: string;
  readonly address: string;
  readonly family: string | number;
  /** Whether only this machine can reach it. */
  readonly internal: boolean;
};

/** Networks between this machine and its own virtual machines and containers; no phone is in one. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vboxnet|bridge\d|vEthernet)/;
const LINK_LOCAL = /^169\.254\./;

/**
 * The IPv4 address by which others most likely reach this machine: the first that is not internal, real
 * networks before virtual ones. Undefined if this machine has none.
 */
export function pickAddress(addresses: readonly OwnAddress[]): string | undefined {
  const reachable = addresses.filter(
    ({ family, internal }) => !internal && (family === "IPv4" || family === 4),
  );
  const real = reachable.find(
    ({ name, address }) => !VIRTUAL.test(name) && !LINK_LOCAL.test(address),
  );
  return (real ?? reachable[0])?.address;
}
