import { isObject } from "../../cloudformation/rules/tree.ts";
import type { Spot, Written } from "./written.ts";

/** Plugins that bundle code, which wsgw does itself. */
const BUNDLERS =
  /^(?:serverless-(?:esbuild|webpack|bundle|rspack|plugin-(?:typescript|optimize)|jetpack|tsc)|serverless-webpack-prisma|osls-esbuild)$/;
/** Bundlers whose configuration is a program of the project. */
const CONFIGURED = /^serverless-(?:webpack|rspack)$/;
/** Plugins that do not affect what runs here, and those whose settings are read. */
const PASSED_OVER =
  /offline|local(?:stack)?$|dynamodb|pseudo-parameters|dotenv|prune|python-requirements|iam-roles-per-function|domain-manager|warmup|export-env|deployment-bucket|common-excludes|include-dependencies|exclude|tracing|documentation|reqvalidator|openapi|plugin-(?:log|aws-alerts|canary|split)|api-gateway|s3-(?:sync|deploy|remover)|cloudfront|finch|newrelic|lumigo|datadog|sentry|websockets-plugin|associate-waf|stage-manager|scriptable|hooks|plugin-monorepo|enable-api-logs|latest-layer|analyze|better-credentials|disable-functions/;

/** Reports plugins that may change the template and that wsgw does not run. */
export function checkPlugins(written: Written, spot: Spot): void {
  const others = written.service.plugins.filter(
    (plugin) => !BUNDLERS.test(plugin) && !PASSED_OVER.test(plugin),
  );
  const advice =
    "If you need that, run serverless package and start with -t .serverless/cloudformation-template-update-stack.json.";
  const bundler = written.service.plugins.find((plugin) => CONFIGURED.test(plugin));
  if (bundler !== undefined) {
    const bundles = "wsgw bundles functions with esbuild and does not read the configuration of";
    written.warn(`${bundles} ${bundler}, such as aliases and loaders. ${advice}`, spot);
  }
  if (others.length === 0) return;
  const problem = `wsgw does not run ${others.join(", ")}. Their additions to the stack are missing here. ${advice}`;
  written.warn(problem, spot);
}

/** Module names of a service's plugins. */
export function pluginsIn(value: unknown): readonly string[] {
  const list = isObject(value) ? value.modules : value;
  return Array.isArray(list) ? list.filter((each) => typeof each === "string") : [];
}
