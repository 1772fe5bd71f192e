import { isObject } from "../values/json.ts";
import { type Path, placeOf, type Report, shown } from "./faults.ts";
import { type Api, textOf } from "./raw-parts.ts";

/** Each name leads to one API; on a custom domain mapping keys tell several apart. */
export function checkHosts(apis: readonly Api[], report: Report): void {
  const domains = apis.flatMap(domainOf);
  checkMappings(domains, report);
  checkCertificates(domains, report);
  checkFurtherHosts(apis, domains, report);
  checkLocalNames(apis, report);
}

type Domain = {
  /** Of the API. */
  readonly path: Path;
  readonly name: string;
  readonly mappingKey: unknown;
  readonly certificateArn: unknown;
};

function domainOf({ path, definition }: Api): readonly Domain[] {
  const domain = definition.customDomain;
  if (!isObject(domain) || typeof domain.name !== "string") return [];
  const { name, mappingKey, certificateArn } = domain;
  return [{ path, name, mappingKey, certificateArn }];
}

function checkMappings(domains: readonly Domain[], report: Report): void {
  const seen = new Map<string, Path>();
  for (const { path, name, mappingKey } of domains) {
    const url = [name, textOf(mappingKey)].filter(Boolean).join("/");
    const other = seen.get(url);
    seen.set(url, path);
    if (other === undefined) continue;
    const problem = `"${url}" leads to ${placeOf(other)} already; give it another mappingKey.`;
    report([...path, "customDomain"], problem);
  }
}

/** The stack makes a domain once, with one certificate. */
function checkCertificates(domains: readonly Domain[], report: Report): void {
  const seen = new Map<string, Domain>();
  for (const domain of domains) {
    const { path, name, certificateArn } = domain;
    if (certificateArn === undefined) continue;
    const first = seen.get(name) ?? domain;
    seen.set(name, first);
    if (first.certificateArn === certificateArn) continue;
    report(
      [...path, "customDomain", "certificateArn"],
      `${shown(certificateArn)} is not the certificate that ${placeOf(first.path)} gives "${name}"; give the same one, or leave it out.`,
    );
  }
}

function checkFurtherHosts(apis: readonly Api[], domains: readonly Domain[], report: Report): void {
  const seen = new Map<unknown, Path>();
  for (const { path, definition } of apis) {
    if (!Array.isArray(definition.hosts)) continue;
    for (const [i, host] of definition.hosts.entries()) {
      const domain = domains.find((each) => each.name === host && each.path !== path);
      const other = domain?.path ?? seen.get(host) ?? path;
      seen.set(host, other);
      if (other === path) continue;
      report(
        [...path, "hosts", i],
        `${shown(host)} leads to ${placeOf(other)} already; give each host to one API.`,
      );
    }
  }
}

/** This machine's own name and a stage lead to the first API; the others have their key in the path too. */
function checkLocalNames(apis: readonly Api[], report: Report): void {
  const [first, ...others] = apis;
  for (const { path, definition } of others) {
    if (definition.domainName !== "localhost") continue;
    report(
      [...path, "domainName"],
      `"localhost" is only for the first API, ${placeOf(first?.path ?? [])}, to which https://{domainName}/{stage} leads here; remove it.`,
    );
  }
}
