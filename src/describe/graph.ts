import type { ApiDescription } from "./describe.ts";

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
  /** The answer comes back the same way. */
  readonly twoWay: boolean;
};

export type Graph = { readonly nodes: readonly Node[]; readonly edges: readonly Edge[] };

/** Clients, routes, functions and tables, and what leads where. */
export function graphOf(api: ApiDescription): Graph {
  const client: Node = { id: "client", kind: "client", title: "clients", detail: api.stage.name };
  const routes = api.routes.map(
    (route, at): Node => ({
      id: `route${at}`,
      kind: "route",
      title: route.routeKey,
      detail: route.twoWay ? "two-way" : "one-way",
    }),
  );
  const functions = api.functions.map(
    (fn, at): Node => ({
      id: `function${at}`,
      kind: "function",
      title: fn.name,
      detail: `${fn.runtime}, ${fn.memoryMb} MB, ${fn.timeoutSeconds} s`,
    }),
  );
  const tables = api.tables.map(
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
    nodes: [client, ...routes, ...functions, ...tables],
    edges: [
      ...api.routes.map(({ twoWay }, at) => ({ from: "client", to: `route${at}`, twoWay })),
      ...api.routes.map((route, at) => ({
        from: `route${at}`,
        to: idOf(functions, route.function),
        twoWay: route.twoWay,
      })),
      ...api.functions.flatMap((fn, at) =>
        fn.tables.map((table) => ({
          from: `function${at}`,
          to: idOf(tables, table),
          twoWay: false,
        })),
      ),
    ],
  };
}
