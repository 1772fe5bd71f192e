import type { MetricCounts } from "../emulator/apigateway/requests/prometheus-metrics.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { WsgwError } from "../errors.ts";
import { failUnlessKnown } from "./known-names.ts";

/** Selects metrics as in CloudWatch: of an API, of one of its stages, or of a route. */
export type MetricsOf = {
  /** The API, by its name in the project. Default: the first. */
  readonly api?: string;
  /** Default: all stages; with a route, the first. */
  readonly stage?: string;
  /**
   * For example `$connect`, `echo` or `POST /@connections/{connectionId}`. Its stage must have
   * `detailedMetrics`.
   */
  readonly route?: string;
};

/** Sums the counts of an emulator, which counts routes whatever the stages' settings. */
export function metricsOf(
  { project, apis, counts }: Pick<Emulator, "project" | "apis" | "counts">,
  of: MetricsOf = {},
): MetricCounts {
  const { api = Object.keys(project.apis)[0] ?? "", route } = of;
  failUnlessKnown("API", api, project.apis, "project");
  const { stages = {} } = project.apis[api] ?? {};
  const stage = of.stage ?? (route === undefined ? undefined : Object.keys(stages)[0]);
  if (stage !== undefined) failUnlessKnown("stage", stage, stages);
  if (route !== undefined && stages[stage ?? ""]?.detailedMetrics !== true) {
    const why = `CloudWatch has no metrics for single routes of stage "${stage}"`;
    throw new WsgwError("USAGE", `${why}. Set its \`detailedMetrics: true\` in the definition.`);
  }
  const apiId = apis.find(({ name }) => name === api)?.id ?? "";
  return counts({ apiId, stage, route });
}
