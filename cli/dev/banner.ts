import { stripVTControlCharacters } from "node:util";
import type { ChalkInstance } from "chalk";
import {
  AWS_IAM,
  backendOf,
  type DevSession,
  functionOf,
  type LocalProject,
  sourceNotes,
  type WebSocketApi,
} from "../../src/app.ts";
import { isLoopback } from "../../src/values/loopback.ts";
import { folded } from "../terminal/wrap.ts";
import { exposed } from "./exposed.ts";
import { isOnNode, NODE, otherNodes } from "./node-versions.ts";

/** The part of a session that a user sees at the start. */
export type Shown = Pick<
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
 * The first lines when the gateway listens: its URLs, what it serves, how to reach it. `columns` is the width
 * of the terminal, if any.
 */
export function banner(
  session: Shown,
  version: string,
  paint: ChalkInstance,
  columns?: number,
): readonly string[] {
  return fittedBanner(linesOf(session, version, paint), columns);
}

/** Continuation lines are below the value, the second column or the text. */
export function fittedBanner(
  lines: readonly string[],
  columns: number | undefined,
): readonly string[] {
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

/** Identities that clients can have without calling the authorizer. */
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

/** The Node version that runs Node functions. */
function node({ functions }: LocalProject): Named {
  return Object.values(functions).some(isOnNode) ? [["Node", NODE]] : [];
}

/** The values that wsgw generated; the author knows those in the definition. */
function apiKeys({ apiKeys: keys }: LocalProject): Named {
  return Object.values(keys)
    .filter(({ isMadeHere, enabled }) => isMadeHere && enabled)
    .map(({ name, value }) => ["API key", `${name}  ${value}`]);
}

/** The features of a template that behave differently here, and why it was selected. */
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

/** One of several APIs: its name, its URLs, its routes. */
function apiLines(api: WebSocketApi, session: Shown, paint: ChalkInstance): readonly string[] {
  const running = session.apis.filter(({ name }) => name === api.key);
  return [
    `  ${paint.bold(api.key)} ${paint.dim(`routes by ${api.routeSelectionExpression}`)}`,
    ...addresses(running, paint),
    ...routes(api, session.project, paint),
  ];
}

/** The URLs for clients and handlers, two lines per stage. */
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
