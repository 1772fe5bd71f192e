import type { MetricCounts } from "../emulator/apigateway/requests/metrics.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { WsgwError } from "../errors.ts";
import { failUnlessKnown } from "./known-names.ts";

/** Which metrics are wanted, as CloudWatch has them: of an API, of a stage of it, or of a route of that. */
export type MetricsOf = {
  /** The API, by its name in the project. Default: the first. */
  readonly api?: string;
  /** Default: all stages; with a route, the first. */
  readonly stage?: string;
  /** Such as `$connect`, `echo` or `POST /@connections/{connectionId}`. Its stage must have `detailedMetrics`. */
  readonly route?: string;
};

/** Adds up what an emulator has counted: it counts routes whatever the stages say. */
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
    const why = `CloudWatch has no metrics of single routes of stage "${stage}"`;
    throw new WsgwError("USAGE", `${why}; give it \`detailedMetrics: true\` in the definition.`);
  }
  const apiId = apis.find(({ name }) => name === api)?.id ?? "";
  return counts({ apiId, stage, route });
}
