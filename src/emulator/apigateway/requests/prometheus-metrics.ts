import { type Samples, samplesOf } from "./rules/cloudwatch-metrics.ts";
import type { EndedRequest } from "./rules/ended-request.ts";

/** The dimensions of a series. Messages that match no route have no route. */
type Dimensions = { readonly apiId: string; readonly stage: string; readonly route: string };

type Series = Dimensions & {
  readonly counts: Record<Count, number>;
  latencies: number;
  latencyMs: number;
};

type Count = Exclude<keyof Samples, "IntegrationLatency">;

/** The dimensions to sum over; undefined includes all. */
export type CountsOf = {
  readonly apiId: string;
  readonly stage: string | undefined;
  readonly route: string | undefined;
};

/** Sums, named as in CloudWatch. */
export type MetricCounts = Readonly<Record<Count, number>> & {
  readonly IntegrationLatency: { readonly SampleCount: number; readonly Sum: number };
};

/** The counts with their names in Prometheus and their descriptions. */
const COUNTS: readonly (readonly [count: Count, name: string, help: string])[] = [
  ["ConnectCount", "connect_count", "Handshakes that reached $connect."],
  ["MessageCount", "message_count", "Events and messages, both ways."],
  ["ClientError", "client_error", "Requests that were answered with 4xx."],
  ["ExecutionError", "execution_error", "Requests whose integration failed, or answered 5xx."],
  ["IntegrationError", "integration_error", "Always 0."],
];

const LATENCY = "apigateway_integration_latency_milliseconds";

/** Counts requests by API, stage and route, as the metrics of API Gateway in CloudWatch do. */
export class Metrics {
  readonly #series = new Map<string, Series>();

  count(apiId: string, stage: string, request: EndedRequest): void {
    const { IntegrationLatency: latency, ...counts } = samplesOf(request);
    const series = this.#seriesOf({ apiId, stage, route: request.routeKey ?? "" });
    for (const [count] of COUNTS) series.counts[count] += counts[count];
    if (latency === undefined) return;
    series.latencies += 1;
    series.latencyMs += latency;
  }

  #seriesOf(dimensions: Dimensions): Series {
    const key = JSON.stringify(dimensions);
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const counts = Object.fromEntries(COUNTS.map(([count]) => [count, 0])) as Series["counts"];
    const made = { ...dimensions, counts, latencies: 0, latencyMs: 0 };
    this.#series.set(key, made);
    return made;
  }

  /** The sums of all series with these dimensions. */
  counts({ apiId, stage, route }: CountsOf): MetricCounts {
    const fitting = [...this.#series.values()].filter(
      (series) =>
        series.apiId === apiId &&
        (stage === undefined || series.stage === stage) &&
        (route === undefined || series.route === route),
    );
    const sum = (of: (series: Series) => number): number =>
      fitting.reduce((total, series) => total + of(series), 0);
    return {
      ConnectCount: sum(({ counts }) => counts.ConnectCount),
      MessageCount: sum(({ counts }) => counts.MessageCount),
      ClientError: sum(({ counts }) => counts.ClientError),
      ExecutionError: sum(({ counts }) => counts.ExecutionError),
      IntegrationError: sum(({ counts }) => counts.IntegrationError),
      IntegrationLatency: {
        SampleCount: sum(({ latencies }) => latencies),
        Sum: sum(({ latencyMs }) => latencyMs),
      },
    };
  }

  /**
   * All series in the text format of Prometheus.
   * @see https://prometheus.io/docs/instrumenting/exposition_formats/
   */
  text(): string {
    const all = [...this.#series.values()];
    const counts = COUNTS.flatMap(([count, name, help]) => {
      const metric = `apigateway_${name}_total`;
      return [
        `# HELP ${metric} ${help}`,
        `# TYPE ${metric} counter`,
        ...all.map((series) => `${metric}${labels(series)} ${series.counts[count]}`),
      ];
    });
    const latencies = all.flatMap((series) => [
      `${LATENCY}_sum${labels(series)} ${series.latencyMs}`,
      `${LATENCY}_count${labels(series)} ${series.latencies}`,
    ]);
    const head = [`# HELP ${LATENCY} How long integrations took.`, `# TYPE ${LATENCY} summary`];
    return `${[...counts, ...head, ...latencies].join("\n")}\n`;
  }
}

function labels({ apiId, stage, route }: Dimensions): string {
  const values = Object.entries({ api_id: apiId, stage, route });
  return `{${values.map(([name, value]) => `${name}="${escaped(value)}"`).join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
