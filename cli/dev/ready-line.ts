import type { DevSession } from "../../src/app.ts";
import type { Shown } from "./banner.ts";

/** Changes with every incompatible change of the ready line. */
const READY_VERSION = 1;

/** The first line of `--json`. */
export function readyLine(
  session: Shown & Pick<DevSession, "credentials" | "configFile" | "functions" | "region">,
): string {
  const { project, apis } = session;
  const [first] = apis;
  return JSON.stringify({
    type: "ready",
    version: READY_VERSION,
    project: project.name,
    region: session.region,
    url: session.url,
    secureUrl: session.secureUrl,
    managementUrl: session.managementUrl,
    dynamodbEndpoint: session.dynamodbEndpoint,
    metricsUrl: session.metricsUrl,
    stage: first?.stages[0]?.name,
    routes: first?.routes,
    tables: Object.values(project.tables).map((table) => table.name),
    apis,
    functions: session.functions,
    source: { kind: session.source.kind, file: session.configFile },
    notServed: session.source.notServed,
    triggers: session.source.triggers,
    httpApis: session.source.httpApis,
    ...(session.source.tables && { unservedTables: session.source.tables }),
    host: session.host,
    publicHost: session.publicHost,
    port: session.port,
    credentials: session.credentials,
    configFile: session.configFile,
    pid: process.pid,
  });
}
