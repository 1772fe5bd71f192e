import { decodedName, readFunctionName } from "./function-name.ts";
import type { LambdaPlace } from "./read-invoke.ts";

/** In every API version, calls about one function have its name here. [documented] model:lambda */
const ANY_PATH = /^\/\d{4}-\d{2}-\d{2}\/functions\/([^/?]+)/;

/**
 * Whether a request to an endpoint of `region` is about a function of the project. Such calls never reach AWS,
 * also with `--allow-aws`: wsgw answers `Invoke` and rejects all other operations.
 */
export function isOwnFunction(
  url: string,
  region: string | undefined,
  { home, hasFunction }: Pick<LambdaPlace, "home" | "hasFunction">,
): boolean {
  const named = readFunctionName(decodedName(ANY_PATH.exec(url)?.[1]) ?? "");
  if (named === undefined) return false;
  const { accountId = home.accountId, name } = named;
  const itsRegion = named.region ?? region ?? home.region;
  return accountId === home.accountId && itsRegion === home.region && hasFunction(name);
}
