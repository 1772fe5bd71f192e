import type { ChalkInstance } from "chalk";
import type { Api, DevSession } from "../../src/app.ts";

type Shown = Pick<
  DevSession,
  | "url"
  | "secureUrl"
  | "managementUrl"
  | "dynamodbEndpoint"
  | "api"
  | "host"
  | "port"
  | "publicHost"
  | "caFile"
>;

/** What a person wants to know once the gateway listens: where it is, what it serves, how to reach it. */
export function banner(session: Shown, version: string, paint: ChalkInstance): readonly string[] {
  const { api } = session;
  const facts: readonly (readonly [string, string])[] = [
    [
      "WebSocket",
      `${paint.cyan(session.url)}  ${paint.dim("or")}  ${paint.cyan(session.secureUrl)}`,
    ],
    ["@connections", paint.cyan(session.managementUrl)],
    ...dynamodb(session, paint),
    ["Routes", ""],
  ];
  return [
    "",
    `  ${paint.bold("wsgw")} ${paint.dim(version)}  ${paint.bold(api.name)} ${paint.dim(`stage ${api.stage.name}, routes by ${api.routeSelectionExpression}`)}`,
    "",
    ...facts.map(([name, value]) => `  ${paint.dim(name.padEnd(FACT_WIDTH))}${value}`.trimEnd()),
    ...routes(api, paint).map((line) => `    ${line}`),
    "",
    `  Talk to it from another terminal: ${paint.bold("npx wsgw send")}`,
    `  ${paint.dim("Handlers are live when you save them. Ctrl-C stops.")}`,
    "",
    ...(isLoopback(session.host) ? [] : [...exposed(session, paint), ""]),
  ];
}

const FACT_WIDTH = 14;

function dynamodb(session: Shown, paint: ChalkInstance): readonly (readonly [string, string])[] {
  const { dynamodbEndpoint, api } = session;
  const names = Object.values(api.tables).map((table) => table.name);
  const tables: readonly [string, string] = [
    names.length === 1 ? "Table" : "Tables",
    names.join(", "),
  ];
  return [
    ...(dynamodbEndpoint === undefined
      ? []
      : [["DynamoDB", paint.cyan(dynamodbEndpoint)] as const]),
    ...(names.length === 0 ? [] : [tables]),
  ];
}

function routes(api: Api, paint: ChalkInstance): readonly string[] {
  const all = Object.values(api.routes);
  const keyWidth = Math.max(...all.map((route) => route.routeKey.length));
  const nameWidth = Math.max(...all.map((route) => route.function.length));
  return all.map((route) => {
    const key = paint.bold(route.routeKey.padEnd(keyWidth));
    const handler = paint.dim(api.functions[route.function]?.handler ?? "");
    const twoWay = route.routeResponse ? paint.dim("  two-way") : "";
    return `${key}  ${route.function.padEnd(nameWidth)}  ${handler}${twoWay}`;
  });
}

/** The warning that the gateway can be reached from elsewhere; loud, since it runs the user's code. */
export function exposed(
  { host, port, publicHost, caFile }: Pick<Shown, "host" | "port" | "publicHost" | "caFile">,
  paint: ChalkInstance,
): readonly string[] {
  const everywhere = ["0.0.0.0", "::", "[::]"].includes(host);
  const where = everywhere ? "on every address of this machine" : `on ${host}`;
  const called = publicHost === undefined ? "" : ` Others are to call it ${publicHost}.`;
  return [
    paint.yellow.bold(`  ! It listens ${where}, port ${port}.${called}`),
    paint.yellow("    Everyone who can reach that can connect and make your handlers run."),
    paint.yellow(
      "    @connections takes the keys of this machine; tables and endpoints answer it alone.",
    ),
    ...(caFile === undefined
      ? []
      : [`    ${paint.dim("For wss and https elsewhere, have that trust")} ${caFile}`]),
  ];
}

/** Whether an address can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || /^127(\.\d+){3}$/.test(host) || ["::1", "[::1]"].includes(host);
}

/** The first line of `--json`. */
export function readyLine(
  session: Shown & Pick<DevSession, "credentials" | "configFile" | "functions">,
): string {
  const { api } = session;
  return JSON.stringify({
    type: "ready",
    url: session.url,
    secureUrl: session.secureUrl,
    managementUrl: session.managementUrl,
    dynamodbEndpoint: session.dynamodbEndpoint,
    stage: api.stage.name,
    routes: Object.values(api.routes).map((route) => ({
      routeKey: route.routeKey,
      function: route.function,
    })),
    tables: Object.values(api.tables).map((table) => table.name),
    functions: session.functions,
    host: session.host,
    publicHost: session.publicHost,
    port: session.port,
    credentials: session.credentials,
    configFile: session.configFile,
    pid: process.pid,
  });
}
