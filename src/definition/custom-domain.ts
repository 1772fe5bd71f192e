import { isObject } from "../values/json.ts";
import type { WebSocketApi } from "./checked-project.ts";
import { didYouMean, type Fault, type Path, placeOf, type Report, shown } from "./faults.ts";
import { type Api, entriesOf, type Parts, textOf } from "./raw-parts.ts";

/**
 * The stages of an API by mapping key on its custom domain; the empty key is the bare domain.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-mappings.html
 */
export function mappingsOf({
  customDomain,
  stages,
}: Pick<WebSocketApi, "customDomain" | "stages">): ReadonlyMap<string, string> {
  if (customDomain === undefined) return new Map();
  const { mappingKey, mappings } = customDomain;
  if (mappings !== undefined) return new Map(Object.entries(mappings));
  return new Map([[mappingKey, Object.keys(stages)[0] ?? ""]]);
}

/** API Gateway checks the health of a custom domain there, so a mapping does not get these requests. */
const RESERVED = ["ping", "sping"];

/**
 * Mappings whose path API Gateway keeps for itself.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function mappingWarnings(api: WebSocketApi, path: Path): readonly Fault[] {
  const field = api.customDomain?.mappings === undefined ? "mappingKey" : "mappings";
  return [...mappingsOf(api).keys()].flatMap((key): readonly Fault[] => {
    if (!RESERVED.includes(key)) return [];
    const at = [...path, "customDomain", field, ...(field === "mappings" ? [key] : [])];
    return [[at, `API Gateway reserves /${key} of custom domains; choose another mapping key.`]];
  });
}

/** The URL of a mapping after `wss://`. */
export function mappedUrl(name: string, mappingKey: string): string {
  return mappingKey === "" ? name : `${name}/${mappingKey}`;
}

/** A custom domain as written. */
export type Domain = {
  /** Path of the API. */
  readonly path: Path;
  readonly name: string;
  readonly mappingKey: unknown;
  /** Stages by mapping key; undefined if `mappingKey` is the only one. */
  readonly mappings: Parts | undefined;
  readonly certificateArn: unknown;
  readonly stages: readonly string[];
};

export function domainOf({ path, definition }: Api): readonly Domain[] {
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

/** Checks custom domains: a mapping key on a domain leads to one API and one of its stages. */
export function checkCustomDomains(domains: readonly Domain[], report: Report): void {
  checkMappings(domains, report);
  checkMappedStages(domains, report);
  checkCertificates(domains, report);
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
