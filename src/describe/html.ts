import {
  type ApiDescription,
  authorizing,
  besides,
  keyInWords,
  ownUrls,
  type ProjectDescription,
  planInWords,
  stageLimits,
} from "./describe.ts";
import { escapeHtml } from "./escape.ts";
import { graphOf } from "./graph.ts";
import { drawGraph } from "./svg.ts";

/** One page with the graph and all details, without scripts or external resources. */
export function describeAsHtml(project: ProjectDescription): string {
  const name = escapeHtml(project.name);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${name}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${name}</h1>
<p>${escapeHtml(project.description)}</p>
${overview(project)}
${functions(project)}
${tables(project)}${usage(project)}
${others(project)}
${problems(project)}
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1b2430; --paper: #fff; --line: #8894a4; --client: #e8eaee; --route: #d9ebff; --function: #ffe9cf; --table: #dcf3df; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --paper: #14181e; --line: #77849a; --client: #2a313b; --route: #1d3a5c; --function: #5a3d15; --table: #1f4a2a; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem; }
h2 { margin: 2rem 0 .5rem; }
.graph { margin: 1.5rem 0; }
.graph svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .3rem 1.2rem .3rem 0; border-bottom: 1px solid var(--line); }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
rect { stroke: var(--line); fill: var(--client); }
.route rect { fill: var(--route); } .function rect { fill: var(--function); } .table rect { fill: var(--table); }
text { fill: var(--ink); } .title { font-weight: 600; font-size: 14px; } .detail { font-size: 11px; opacity: .8; }
.edge { fill: none; stroke: var(--line); stroke-width: 1.5; } marker path { fill: var(--line); }
.graph { overflow-x: auto; }
@media (max-width: 40rem) {
  body { margin: 1rem; }
  .graph svg { max-width: none; width: 44rem; }
  table, tbody, tr, td { display: block; }
  tr.heads, td:empty { display: none; }
  tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
  td { padding: 0; border: 0; overflow-wrap: anywhere; }
  td[data-head] { padding-left: 7rem; }
  td[data-head]::before { content: attr(data-head); float: left; margin-left: -7rem; opacity: .7; }
  table.pairs td:first-child { opacity: .7; }
}
`;

/** The APIs and the graph. */
function overview(project: ProjectDescription): string {
  const graph = `<div class="graph">\n${drawGraph(graphOf(project))}\n</div>`;
  if (!project.several) {
    return project.apis
      .map((api) => `${facts(api)}\n${graph}\n${routes("Routes", api)}`)
      .join("\n");
  }
  const apis = project.apis.map((api) => {
    const content = `<p>${escapeHtml(api.description)}</p>\n${facts(api)}`;
    const name = escapeHtml(api.name);
    return `${section(`API ${name}`, content)}\n${routes(`Routes of ${name}`, api)}`;
  });
  return [graph, ...apis].join("\n");
}

function facts(api: ApiDescription): string {
  const { routeSelectionExpression, stages } = api;
  const own = ownUrls(api).map((url) => ["Own domain", url]);
  const rows = [
    ...stages.flatMap((stage, at) => [
      ["URL", api.disableExecuteApiEndpoint ? `${stage.url}, disabled` : stage.url],
      ...(at === 0 ? own : []),
      ["Stage", stage.name],
      ...Object.entries(stage.variables).map(([name, value]) => [`Variable ${name}`, value]),
      ...stageLimits(stage).map(([what, limits]) => ["Limits", `${what}: ${limits}`]),
    ]),
    ["Route by", routeSelectionExpression],
  ];
  return table(
    [],
    rows.map(([name = "", value = ""]) => [escapeHtml(name), code(value)]),
  );
}

function routes(title: string, api: ApiDescription): string {
  const rows = api.routes.map((route) => [
    code(route.routeKey),
    escapeHtml(route.function ?? route.calls ?? `nothing: ${route.because}`),
    route.twoWay ? "two-way" : "one-way",
    `${route.integrationTimeoutMs / 1000} s`,
    escapeHtml(route.operationName ?? ""),
    escapeHtml(authorizing(route)),
    route.apiKeyRequired === true ? "required" : "",
  ]);
  const heads = ["Route", "Function", "Answers", "Waits", "Operation", "Authorizer", "API key"];
  return section(title, table(heads, rows));
}

function functions(project: ProjectDescription): string {
  const rows = project.functions.map((fn) => [
    [`<b>${escapeHtml(fn.name)}</b>`, code(fn.handler), ...(fn.layers ?? []).map(layerCell)].join(
      "<br>",
    ),
    `${escapeHtml(fn.runtime)}<br>${fn.memoryMb} MB, ${fn.timeoutSeconds} s`,
    fn.environment.map(code).join("<br>"),
    fn.role === undefined
      ? [
          ...fn.permissions.map(
            ({ effect, actions, resource }) =>
              `${effect} ${actions.map(code).join(", ")} on ${escapeHtml(resource)}`,
          ),
          ...(fn.managedPolicies ?? []).map((arn) => `what ${code(arn)} allows`),
          ...(fn.unknownRole === undefined
            ? []
            : [`role not known whole: ${escapeHtml(fn.unknownRole)}`]),
        ].join("<br>")
      : `role ${code(fn.role)}, which exists already`,
  ]);
  return section("Functions", table(["Function", "Runs", "Environment", "Permissions"], rows));
}

function layerCell(layer: string): string {
  return `layer ${code(layer)}`;
}

function tables(project: ProjectDescription): string {
  if (project.tables.length === 0) return "";
  const rows = project.tables.map((each) => [
    `<b>${escapeHtml(each.name)}</b>`,
    code(each.key),
    Object.entries(each.indexes)
      .map(([name, key]) => `${escapeHtml(name)}: ${code(key)}`)
      .join("<br>"),
    escapeHtml(each.capacity),
    escapeHtml(each.functions.join(", ")),
    each.deletionPolicy === "Delete" ? "deleted with the stack" : "kept without the stack",
  ]);
  return section("Tables", table(["Table", "Key", "Indexes", "Capacity", "Used by", "End"], rows));
}

function usage(project: ProjectDescription): string {
  const { apiKeys = [], usagePlans = [] } = project;
  const rows = (all: readonly (readonly [name: string, words: string])[]) =>
    all.map(([name, words]) => [`<b>${escapeHtml(name)}</b>`, escapeHtml(words)]);
  const keys = rows(apiKeys.map((key) => [key.name, keyInWords(key, project)]));
  const plans = rows(usagePlans.map((plan) => [plan.name, planInWords(plan)]));
  return [
    keys.length === 0 ? "" : section("API keys", table([], keys)),
    plans.length === 0 ? "" : section("Usage plans", table([], plans)),
  ].join("");
}

function problems(project: ProjectDescription): string {
  if (project.undeployable.length === 0) return "";
  return section("Cannot be deployed", list(project.undeployable));
}

function others(project: ProjectDescription): string {
  return besides(project)
    .map(({ title, lines }) => section(title, list(lines)))
    .join("\n");
}

function list(texts: readonly string[]): string {
  return `<ul>${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join("\n")}</ul>`;
}

function section(title: string, content: string): string {
  return `<h2>${title}</h2>\n${content}`;
}

/** Cells contain HTML. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const isPairs = heads.length === 0;
  const head = isPairs
    ? ""
    : `<tr class="heads">${heads.map((each) => `<th>${each}</th>`).join("")}</tr>\n`;
  const cells = (row: readonly string[]) =>
    row.map((cell, at) => {
      // The first cell of a row is its title; narrow screens show column heads next to the other cells.
      const label = isPairs || at === 0 ? "" : ` data-head="${heads[at]}"`;
      return `<td${label}>${cell}</td>`;
    });
  const body = rows.map((row) => `<tr>${cells(row).join("")}</tr>`);
  return `<table${isPairs ? ' class="pairs"' : ""}>\n${head}${body.join("\n")}\n</table>`;
}

function code(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}
