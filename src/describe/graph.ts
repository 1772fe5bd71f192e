import type { ProjectDescription } from "./describe.ts";

export type NodeKind = "client" | "route" | "function" | "table";

export type Node = {
  readonly id: string;
  readonly kind: NodeKind;
  readonly title: string;
  readonly detail: string;
};

type Edge = {
  readonly from: string;
  readonly to: string;
  /** The response takes the same way back. */
  readonly twoWay: boolean;
};

export type Graph = { readonly nodes: readonly Node[]; readonly edges: readonly Edge[] };

/** Clients of each API, routes, functions and tables, and their connections. */
export function graphOf({ apis, several, ...project }: ProjectDescription): Graph {
  const clients = apis.map(
    ({ name, stages }, at): Node => ({
      id: several ? `client${at}` : "client",
      kind: "client",
      title: several ? `clients of ${name}` : "clients",
      detail: stages.map((stage) => stage.name).join(", "),
    }),
  );
  const all = apis.flatMap(({ routes }, at) =>
    routes.map((route) => ({ ...route, client: clients[at]?.id ?? "" })),
  );
  const routes = all.map(
    (route, at): Node => ({
      id: `route${at}`,
      kind: "route",
      title: route.routeKey,
      detail: `${route.twoWay ? "two-way" : "one-way"}${route.apiKeyRequired ? ", needs an API key" : ""}`,
    }),
  );
  const functions = project.functions.map(
    (fn, at): Node => ({
      id: `function${at}`,
      kind: "function",
      title: fn.name,
      detail: `${fn.runtime}, ${fn.memoryMb} MB, ${fn.timeoutSeconds} s`,
    }),
  );
  // in the column of the functions, which they replace
  const backends = [...new Set(all.flatMap(({ calls }) => calls ?? []))].map(
    (title, at): Node => ({
      id: `backend${at}`,
      kind: "function",
      title,
      detail: "called by API Gateway",
    }),
  );
  const tables = project.tables.map(
    (table, at): Node => ({
      id: `table${at}`,
      kind: "table",
      title: table.name,
      detail: `${table.key}, ${table.capacity}`,
    }),
  );
  const idOf = (nodes: readonly Node[], title: string) =>
    nodes.find((node) => node.title === title)?.id ?? "";
  return {
    nodes: [...clients, ...routes, ...functions, ...backends, ...tables],
    edges: [
      ...all.map(({ client, twoWay }, at) => ({ from: client, to: `route${at}`, twoWay })),
      ...all.flatMap(({ function: fn, calls, twoWay }, at) => {
        const to = fn === undefined ? idOf(backends, calls ?? "") : idOf(functions, fn);
        return to === "" ? [] : [{ from: `route${at}`, to, twoWay }];
      }),
      ...all.flatMap(({ authorizer }, at) =>
        authorizer === undefined
          ? []
          : [{ from: `route${at}`, to: idOf(functions, authorizer.function), twoWay: true }],
      ),
      ...project.functions.flatMap((fn, at) =>
        fn.tables.map((table) => ({
          from: `function${at}`,
          to: idOf(tables, table),
          twoWay: false,
        })),
      ),
    ],
  };
}
