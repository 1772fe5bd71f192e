import { checkCustomDomains, type Domain, domainOf } from "./custom-domain.ts";
import { type Path, placeOf, type Report, shown } from "./faults.ts";
import type { Api } from "./raw-parts.ts";

/** Checks that each host name leads to one API; on a custom domain, mapping keys distinguish several. */
export function checkHosts(apis: readonly Api[], report: Report): void {
  const domains = apis.flatMap(domainOf);
  checkCustomDomains(domains, report);
  checkFurtherHosts(apis, domains, report);
  checkLocalNames(apis, report);
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
        `${shown(host)} already points to ${placeOf(other)}. Assign each host to one API.`,
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
      `"localhost" works for the first API only: here https://{domainName}/{stage} means ${placeOf(first?.path ?? [])}. Remove it.`,
    );
  }
}
