import { isObject } from "../values/json.ts";
import { didYouMean, type Path, placeOf, type Report, shown } from "./faults.ts";
import { mappedUrl } from "./mappings.ts";
import { type Api, entriesOf, type Parts, textOf } from "./raw-parts.ts";

/** Checks that each host name leads to one API; on a custom domain, mapping keys distinguish several. */
export function checkHosts(apis: readonly Api[], report: Report): void {
  const domains = apis.flatMap(domainOf);
  checkMappings(domains, report);
  checkMappedStages(domains, report);
  checkCertificates(domains, report);
  checkFurtherHosts(apis, domains, report);
  checkLocalNames(apis, report);
}

type Domain = {
  /** Path of the API. */
  readonly path: Path;
  readonly name: string;
  readonly mappingKey: unknown;
  /** Stages by mapping key; undefined if `mappingKey` is the only one. */
  readonly mappings: Parts | undefined;
  readonly certificateArn: unknown;
  readonly stages: readonly string[];
};

function domainOf({ path, definition }: Api): readonly Domain[] {
  const domain = definition.customDomain;
  if (!isObject(domain) || typeof domain.name !== "string") return [];
  const { name, mappingKey, certificateArn } = domain;
  const mappings = isObject(domain.mappings) ? domain.mappings : undefined;
  const stages =
    path.length === 0
      ? [textOf(isObject(definition.stage) ? definition.stage.name : undefined)]
      : entriesOf(definition.stages).map(([stage]) => stage);
  return [{ path, name, mappingKey, mappings, certificateArn, stages }];
}

function checkMappings(domains: readonly Domain[], report: Report): void {
  const seen = new Map<string, Path>();
  for (const { path, name, mappingKey, mappings } of domains) {
    for (const key of mappings === undefined ? [textOf(mappingKey)] : Object.keys(mappings)) {
      const url = mappedUrl(name, key);
      const other = seen.get(url);
      seen.set(url, path);
      if (other === undefined) continue;
      const problem = `"${url}" already points to ${placeOf(other)}. Set another mappingKey.`;
      report([...path, "customDomain"], problem);
    }
  }
}

function checkMappedStages(domains: readonly Domain[], report: Report): void {
  for (const { path, mappingKey, mappings, stages } of domains) {
    if (mappings === undefined) continue;
    const at = [...path, "customDomain", "mappings"];
    if (mappingKey !== undefined)
      report(at, "cannot be combined with `mappingKey`. Write all keys here.");
    if (Object.keys(mappings).length === 0) report(at, "is empty. Add at least one mapping.");
    for (const [key, stage] of Object.entries(mappings)) {
      if (typeof stage !== "string" || stages.includes(stage)) continue;
      const instead = didYouMean(stage, stages) ?? `. The API has ${stages.join(", ")}.`;
      report([...at, key], `${shown(stage)} is not the name of a stage${instead}`);
    }
  }
}

/** The stack creates a domain once, with one certificate. */
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
      `${shown(certificateArn)} is not the certificate that ${placeOf(first.path)} sets for "${name}". Set the same one, or omit it.`,
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
