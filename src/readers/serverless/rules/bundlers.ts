import type { JsonObject } from "../../cloudformation/rules/origins.ts";
import { isObject, listOf } from "../../cloudformation/rules/tree.ts";
import { mapOf, present, type Service } from "./written.ts";

/** Settings of esbuild that change what the code does, by the names that SAM gives them. */
const SETTINGS = {
  Alias: "alias",
  Banner: "banner",
  Conditions: "conditions",
  Define: "define",
  Footer: "footer",
  Format: "format",
  Inject: "inject",
  Loader: "loader",
  MainFields: "mainFields",
  Packages: "packages",
};

/**
 * How a plugin or Serverless itself bundles the functions, as the metadata that SAM has for it; undefined where esbuild
 * has no settings. wsgw bundles by itself, whatever the plugin.
 */
export function bundling({
  plugins,
  custom,
  build,
}: Pick<Service, "plugins" | "custom" | "build">): JsonObject | undefined {
  const own = mapOf(build.esbuild);
  const settings = plugins.includes("serverless-esbuild") ? mapOf(custom.esbuild) : own;
  const found = present(
    Object.fromEntries(Object.entries(SETTINGS).map(([name, word]) => [name, settings[word]])),
  );
  const external = listOf(settings.external).filter((name) => typeof name === "string");
  const properties = { ...found, ...(external.length > 0 && { External: external }) };
  const isSet = isObject(settings) && Object.keys(properties).length > 0;
  return isSet ? { BuildMethod: "esbuild", BuildProperties: properties } : undefined;
}
