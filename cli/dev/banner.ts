import { stripVTControlCharacters } from "node:util";
import type { ChalkInstance } from "chalk";
import {
  AWS_IAM,
  backendOf,
  type DevSession,
  functionOf,
  type LocalProject,
  sourceNotes,
  successorOf,
  type WebSocketApi,
} from "../../src/app.ts";
import { isLoopback } from "../../src/values/loopback.ts";
import { folded } from "../terminal/text.ts";

type Shown = Pick<
  DevSession,
  | "url"
  | "secureUrl"
  | "managementUrl"
  | "dynamodbEndpoint"
  | "project"
  | "apis"
  | "host"
  | "port"
  | "publicHost"
  | "caFile"
  | "issuer"
  | "metricsUrl"
  | "source"
>;

/**
 * What a person wants to know once the gateway listens: where it is, what it serves, how to reach it. `columns` is the
 * width of the terminal, if there is one.
 */
export function banner(
  session: Shown,
  version: string,
  paint: ChalkInstance,
  columns?: number,
): readonly string[] {
  return fitted(linesOf(session, version, paint), columns);
}

/** Further rows of a line stand below its value, its second column or what it says. */
function fitted(lines: readonly string[], columns: number | undefined): readonly string[] {
  if (columns === undefined) return lines;
  return lines.flatMap((line) => {
    const plain = stripVTControlCharacters(line);
    const [margin = ""] = /^ {2}(?:! |[A-Z@][\w@]*(?: [a-z]+)? {2,})| */.exec(plain) ?? [];
    return folded(line, columns, " ".repeat(margin.length));
  });
}

function linesOf(session: Shown, version: string, paint: ChalkInstance): readonly string[] {
  const { project } = session;
  const [api, ...others] = Object.values(project.apis);
  const isOne = others.length === 0 && api !== undefined;
  const [stage] = Object.keys(api?.stages ?? {});
  const about = isOne ? `stage ${stage}, routes by ${api.routeSelectionExpression}` : "";
  const isSigned = Object.values(project.apis).every(
    ({ routes: { $connect } }) => $connect?.authorizer === AWS_IAM,
  );
  return [
    "",
    `  ${paint.bold("wsgw")} ${paint.dim(version)}  ${paint.bold(isOne ? api.name : project.name)} ${paint.dim(about)}`.trimEnd(),
    "",
    ...(isOne ? addresses(session.apis, paint) : []),
    ...lined(dynamodb(session, paint), paint),
    ...lined(node(project), paint),
    ...Object.values(project.apis).flatMap((each) =>
      isOne
        ? [...lined([["Routes", ""]], paint), ...routes(each, project, paint)]
        : ["", ...apiLines(each, session, paint)],
    ),
    ...lined(
      [...identities(session), ...tokens(session), ...apiKeys(project), ...metrics(session, paint)],
      paint,
    ),
    ...besides(session, paint),
    "",
    `  Talk to it from another terminal: ${paint.bold(`npx wsgw send${isSigned ? " --sign" : ""}`)}`,
    `  ${paint.dim("Handlers are live when you save them. Ctrl-C stops.")}`,
    "",
    ...(isLoopback(session.host) ? [] : [...exposed(session, paint), ""]),
  ];
}

/** Who a client can be without the authorizer being asked. */
function identities({ project, host, publicHost }: Shown): Named {
  const names = Object.values(project.apis).flatMap((api) => Object.keys(api.identities));
  if (names.length === 0 || publicHost !== undefined || !isLoopback(host)) return [];
  return [["Identities", `${[...new Set(names)].join(", ")}  (wsgw send --as NAME)`]];
}

/** Names the user pool whose tokens the gateway signs: authorizers accept these local tokens. */
function tokens({ issuer }: Shown): Named {
  return issuer === undefined ? [] : [["Tokens", `signed as ${issuer}  (wsgw token)`]];
}

function metrics({ metricsUrl }: Shown, paint: ChalkInstance): Named {
  return metricsUrl === undefined ? [] : [["Metrics", paint.cyan(metricsUrl)]];
}

const NODE = process.versions.node;

/** How many functions a line names. */
const NAMED = 4;

/** Which Node runs the functions that wsgw runs on Node. */
function node({ functions }: LocalProject): Named {
  return Object.values(functions).some(isOnNode) ? [["Node", NODE]] : [];
}

/** Functions that run on another version of Node on AWS; those of runtimes that Lambda has closed have warnings of their own. */
function otherNodes({ functions }: LocalProject): readonly string[] {
  const [major] = NODE.split(".");
  const all = Object.values(functions).filter(isOnNode);
  const others = all.filter(
    ({ runtime }) => runtime !== `nodejs${major}.x` && successorOf(runtime) === undefined,
  );
  return [...new Set(others.map(({ runtime }) => runtime))].map((runtime) => {
    const names = others.filter((fn) => fn.runtime === runtime).map(({ name }) => name);
    const who = names.length === all.length ? "All functions" : shortList(names);
    return `${who}: ${runtime} on AWS, Node ${NODE} here`;
  });
}

function shortList(names: readonly string[]): string {
  if (names.length <= NAMED) return names.join(", ");
  return `${names.slice(0, NAMED).join(", ")} and ${names.length - NAMED} more`;
}

function isOnNode(fn: LocalProject["functions"][string]): boolean {
  return fn.runtime.startsWith("nodejs") && fn.command === undefined;
}

/** The values that wsgw has made; those of the definition are its author's. */
function apiKeys({ apiKeys: keys }: LocalProject): Named {
  return Object.values(keys)
    .filter(({ isMadeHere, enabled }) => isMadeHere && enabled)
    .map(({ name, value }) => ["API key", `${name}  ${value}`]);
}

/** What a template says that runs otherwise here, and why it was taken. */
function besides({ source, project }: Shown, paint: ChalkInstance): readonly string[] {
  const lines = [...sourceNotes(source), ...otherNodes(project)];
  const { remarks } = source;
  return [
    ...(lines.length === 0 ? [] : ["", ...lines.map((line) => `  ${paint.yellow("!")} ${line}`)]),
    ...(remarks.length === 0 ? [] : ["", ...remarks.map((line) => `  ${paint.dim(line)}`)]),
  ];
}

const FACT_WIDTH = 14;

type Named = readonly (readonly [name: string, value: string])[];

function lined(facts: Named, paint: ChalkInstance): readonly string[] {
  return facts.map(([name, value]) => `  ${paint.dim(name.padEnd(FACT_WIDTH))}${value}`.trimEnd());
}

/** One API of several: its name, its URLs, its routes. */
function apiLines(api: WebSocketApi, session: Shown, paint: ChalkInstance): readonly string[] {
  const running = session.apis.filter(({ name }) => name === api.key);
  return [
    `  ${paint.bold(api.key)} ${paint.dim(`routes by ${api.routeSelectionExpression}`)}`,
    ...addresses(running, paint),
    ...routes(api, session.project, paint),
  ];
}

/** Where clients connect and where handlers post, a pair of lines for each stage. */
function addresses(apis: Shown["apis"], paint: ChalkInstance): readonly string[] {
  const facts: Named = apis.flatMap(
    ({ stages, domainName }): Named => [
      ...stages.flatMap(
        ({ url, secureUrl, managementUrl }): Named => [
          ["WebSocket", `${paint.cyan(url)}  ${paint.dim("or")}  ${paint.cyan(secureUrl)}`],
          ["@connections", paint.cyan(managementUrl)],
        ],
      ),
      ...nameInEvents(domainName, stages[0]?.url, paint),
    ],
  );
  return lined(facts, paint);
}

/** Only programs that wsgw starts reach the API by the `domainName` of its events. */
function nameInEvents(domainName: string, url: string | undefined, paint: ChalkInstance): Named {
  if (url !== undefined && new URL(url).host === domainName) return [];
  return [
    ["Domain name", `${domainName}  ${paint.dim("in events; other programs use the URLs above")}`],
  ];
}

function dynamodb({ dynamodbEndpoint, project }: Shown, paint: ChalkInstance): Named {
  const names = Object.values(project.tables).map((table) => table.name);
  return [
    ...(dynamodbEndpoint === undefined
      ? []
      : [["DynamoDB", paint.cyan(dynamodbEndpoint)] as const]),
    ...(names.length === 0
      ? []
      : [[names.length === 1 ? "Table" : "Tables", names.join(", ")] as const]),
  ];
}

function routes(
  api: WebSocketApi,
  { functions }: LocalProject,
  paint: ChalkInstance,
): readonly string[] {
  const all = Object.values(api.routes).map((route) => ({
    ...route,
    function: functionOf(route) ?? backendOf(route, String) ?? "(no integration)",
  }));
  const keyWidth = Math.max(...all.map((route) => route.routeKey.length));
  const nameWidth = Math.max(...all.map((route) => route.function.length));
  return all.map((route) => {
    const key = paint.bold(route.routeKey.padEnd(keyWidth));
    const handler = paint.dim(functions[route.function]?.handler ?? "");
    const twoWay = route.routeResponse ? paint.dim("  two-way") : "";
    return `    ${key}  ${route.function.padEnd(nameWidth)}  ${handler}${twoWay}`;
  });
}

/** The warning that the gateway can be reached from elsewhere; loud, since it runs the user's code. */
export function exposed(
  { host, port, publicHost, caFile }: Pick<Shown, "host" | "port" | "publicHost" | "caFile">,
  paint: ChalkInstance,
  columns?: number,
): readonly string[] {
  const everywhere = ["0.0.0.0", "::", "[::]"].includes(host);
  const where = everywhere ? "on every address of this machine" : `on ${host}`;
  const called = publicHost === undefined ? "" : ` Other machines reach it as ${publicHost}.`;
  const lines = [
    paint.yellow.bold(`  ! It listens ${where}, port ${port}.${called}`),
    paint.yellow("    Every machine that reaches it can connect and run your handlers."),
    paint.yellow(
      "    @connections takes only keys of this machine; tables and endpoints answer only this machine.",
    ),
    ...(caFile === undefined
      ? []
      : [`    ${paint.dim("For wss and https, other machines must trust")} ${caFile}`]),
  ];
  return fitted(lines, columns);
}

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

/** Changes when a reader of the ready line would have to. */
const READY_VERSION = 1;
