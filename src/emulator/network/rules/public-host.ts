const LABEL = /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/;

/** A host name or IP address in the form of URLs and certificates; undefined if it is neither. */
export function readHost(text: string): string | undefined {
  const host = text.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  if (host.includes(":")) return ipv6(host);
  const labels = host.split(".");
  if (/^\d+$/.test(labels.at(-1) ?? "")) return isIpv4(labels) ? host : undefined;
  return host.length <= 253 && labels.every((label) => LABEL.test(label)) ? host : undefined;
}

function isIpv4(labels: readonly string[]): boolean {
  return (
    labels.length === 4 &&
    labels.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
  );
}

/**
 * In its shortest form, as in URLs. An address with a zone is rejected: it is meaningless on other machines.
 */
function ipv6(host: string): string | undefined {
  const url = `http://[${host}]`;
  return !host.includes(".") && URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined;
}

/** A host as written in a URL. */
export function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

const EVERYWHERE: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);
const USUAL: ReadonlySet<string> = new Set(["127.0.0.1", "::1"]);

/** The name by which processes of this machine reach a server that listens on `host`. */
export function localName(host: string): string {
  return EVERYWHERE.has(host) || USUAL.has(host) ? "localhost" : host;
}

/** The address to listen on so that clients can reach the machine as `publicHost`. */
export function addressToListenOn(publicHost: string | undefined): string {
  if (publicHost === undefined) return "127.0.0.1";
  return publicHost.includes(":") ? "::" : "0.0.0.0";
}

/**
 * The addresses of a server that listens on `host`: clients resolve `localhost` to 127.0.0.1 or to ::1, where
 * another server might answer.
 */
export function addressesOfHost(host: string): readonly [string, ...string[]] {
  return host === "127.0.0.1" || host === "0.0.0.0" ? [host, "::1"] : [host];
}
