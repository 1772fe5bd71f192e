import { createHash } from "node:crypto";

// A logical id is alphanumeric and unique in its template. Two names of a definition may differ only in case,
// hyphens and underscores, so lost characters are replaced by a hash.

const LONGEST_WORD = 64;

/** The parameter of every template for the bucket with the code. */
export const BUCKET_PARAMETER = "ArtifactBucket";

/** Prefix of the logical ids of an API that is not the first, and of every API's outputs. */
export function apiPrefix(key: string): string {
  return `${wordOf(key)}Api`;
}

/** Prefix of the logical ids of a stage that is not the first of its API. */
export function stagePrefix(prefix: string, name: string): string {
  return `${prefix}${wordOf(name)}`;
}

export function apiLogicalId(prefix: string): string {
  return prefix || "Api";
}

/**
 * `key` is the mapping key of a mapping that is not the first of its API; the bare domain has its own word.
 */
export function mappingLogicalId(prefix: string, key?: string): string {
  const word = key === undefined ? "" : wordOf(key, key === "" ? "bare" : undefined);
  return `${apiLogicalId(prefix)}${word}Mapping`;
}

export function domainLogicalId(prefix: string): string {
  return `${prefix}DomainName`;
}

export function stageLogicalId(prefix: string): string {
  return `${prefix}Stage`;
}

export function accessLogsLogicalId(prefix: string): string {
  return `${prefix}AccessLogs`;
}

export function functionLogicalId(name: string): string {
  return `${wordOf(name)}Function`;
}

export function aliasLogicalId(functionName: string, alias: string): string {
  return `${functionLogicalId(functionName)}Alias${wordOf(alias)}`;
}

/** `name` is the layer's directory. */
export function layerLogicalId(name: string): string {
  return `${wordOf(name)}Layer`;
}

export function roleLogicalId(functionName: string): string {
  return `${wordOf(functionName)}FunctionRole`;
}

export function logGroupLogicalId(functionName: string): string {
  return `${wordOf(functionName)}FunctionLogs`;
}

/** `logicalName` is the table's key in the definition's `tables`; `connections` for the connection table. */
export function tableLogicalId(logicalName: string): string {
  return `${wordOf(logicalName)}Table`;
}

export function routeLogicalId(routeKey: string, prefix = ""): string {
  return `${prefix}${routeWord(routeKey)}Route`;
}

export function routeResponseLogicalId(routeKey: string, prefix = ""): string {
  return `${prefix}${routeWord(routeKey)}RouteResponse`;
}

export function integrationLogicalId(routeKey: string, prefix = ""): string {
  return `${prefix}${routeWord(routeKey)}Integration`;
}

export function integrationResponseLogicalId(routeKey: string, key: string, prefix = ""): string {
  return `${integrationLogicalId(routeKey, prefix)}Response${wordOf(key)}`;
}

export function integrationRoleLogicalId(routeKey: string, prefix = ""): string {
  return `${integrationLogicalId(routeKey, prefix)}Role`;
}

export function authorizerLogicalId(name: string, prefix = ""): string {
  return `${prefix}${wordOf(name)}Authorizer`;
}

export function authorizerPermissionLogicalId(name: string, prefix = ""): string {
  return `${authorizerLogicalId(name, prefix)}Permission`;
}

export function modelLogicalId(name: string, prefix = ""): string {
  return `${prefix}${wordOf(name)}Model`;
}

export function apiKeyLogicalId(name: string): string {
  return `${wordOf(name)}ApiKey`;
}

export function usagePlanLogicalId(name: string): string {
  return `${wordOf(name)}UsagePlan`;
}

export function usagePlanKeyLogicalId(plan: string, key: string): string {
  return `${usagePlanLogicalId(plan)}${apiKeyLogicalId(key)}`;
}

export function permissionLogicalId(routeKey: string, prefix = ""): string {
  return `${prefix}${routeWord(routeKey)}Permission`;
}

/** One permission for all routes of a function with too many for one each. */
export function allRoutesPermissionLogicalId(functionName: string, prefix = ""): string {
  return `${prefix}${wordOf(functionName)}FunctionPermission`;
}

/** `fingerprint` is hexadecimal. */
export function deploymentLogicalId(fingerprint: string, prefix = ""): string {
  return `${prefix}Deployment${fingerprint}`;
}

/** `$connect` becomes `Connect`; the author's own route `connect` gets a hash. */
function routeWord(routeKey: string): string {
  const isOwn = !routeKey.startsWith("$");
  const word = isOwn ? routeKey : routeKey.slice(1);
  return wordOf(word, isOwn && PREDEFINED.has(word) ? routeKey : undefined);
}

const PREDEFINED: ReadonlySet<string> = new Set(["connect", "disconnect", "default"]);

function wordOf(name: string, hashed?: string): string {
  const word = name
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("")
    .slice(0, LONGEST_WORD);
  const keepsAll = /^[a-z][A-Za-z0-9]*$/.test(name) && name.length <= LONGEST_WORD;
  return keepsAll && hashed === undefined ? word : `${word}${shortHash(hashed ?? name)}`;
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
