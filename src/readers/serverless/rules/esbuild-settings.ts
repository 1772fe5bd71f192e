import { given } from "../../../values/given.ts";
import { mapValues } from "../../../values/map-values.ts";
import type { JsonObject } from "../../cloudformation/rules/origins.ts";
import { listOf, objectOf } from "../../cloudformation/rules/tree.ts";
import type { Service } from "./written.ts";

/** Settings of esbuild that change the code's behaviour, by SAM's names. */
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
 * The settings with which a plugin or Serverless itself bundles functions, in the form of SAM's metadata;
 * undefined without esbuild settings. wsgw does the bundling itself, whatever the plugin.
 */
export function bundling({
  plugins,
  custom,
  build,
}: Pick<Service, "plugins" | "custom" | "build">): JsonObject | undefined {
  const own = objectOf(build.esbuild);
  const settings = plugins.includes("serverless-esbuild") ? objectOf(custom.esbuild) : own;
  const found = given(mapValues(SETTINGS, (word) => settings[word]));
  const external = listOf(settings.external).filter((name) => typeof name === "string");
  const properties = { ...found, ...(external.length > 0 && { External: external }) };
  const isSet = Object.keys(properties).length > 0;
  return isSet ? { BuildMethod: "esbuild", BuildProperties: properties } : undefined;
}
