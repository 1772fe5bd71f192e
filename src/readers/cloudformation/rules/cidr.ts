type Block = { readonly address: bigint; readonly mask: number; readonly isV6: boolean };

/**
 * The first `count` subnets of `block`, each with `bits` host bits, as in Fn::Cidr; undefined if `block` is
 * not a CIDR block or is too small.
 */
export function subnets(block: string, count: number, bits: number): string[] | undefined {
  const parsed = parseBlock(block);
  if (parsed === undefined) return undefined;
  const { address, mask, isV6 } = parsed;
  const width = isV6 ? 128 : 32;
  const subnetMask = width - bits;
  if (subnetMask < mask || count > 2 ** (subnetMask - mask)) return undefined;
  const size = 1n << BigInt(bits);
  const first = (address >> BigInt(width - mask)) << BigInt(width - mask);
  return Array.from({ length: count }, (_, at) => {
    const subnet = first + size * BigInt(at);
    return `${isV6 ? v6Text(subnet) : v4Text(subnet)}/${subnetMask}`;
  });
}

function parseBlock(block: string): Block | undefined {
  const [, text = "", mask = ""] = /^([\d.]+|[\da-fA-F:]+)\/(\d{1,3})$/.exec(block) ?? [];
  const isV6 = text.includes(":");
  const address = isV6 ? parseV6(text) : parseV4(text);
  return address === undefined ? undefined : { address, mask: Number(mask), isV6 };
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const parts = [...head, ...Array.from({ length: missing }, () => "0"), ...tail];
  if (!parts.every((part) => /^[\da-fA-F]{1,4}$/.test(part))) return undefined;
  return parts.reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n);
}

function v4Text(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join(".");
}

function v6Text(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((address >> BigInt(112 - at * 16)) & 65535n).toString(16),
  ).join(":");
  return groups.replace(/(?:^|:)0(?::0)+(?::|$)/, "::");
}
