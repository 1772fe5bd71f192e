import { escapeHtml } from "./escape.ts";
import type { Graph, Node, NodeKind } from "./graph.ts";

const COLUMNS: readonly NodeKind[] = ["client", "route", "function", "table"];
const BOX = { width: 220, height: 52, gapX: 90, gapY: 20, margin: 12 } as const;
/** Characters per line of a box; longer text is in its tooltip. */
const MOST = { title: 26, detail: 34 } as const;

type Placed = Node & { readonly x: number; readonly y: number };

/** The graph in columns, each box near its predecessors, without external resources. */
export function drawGraph(graph: Graph): string {
  const boxes = place(graph);
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const width = Math.max(...boxes.map(({ x }) => x)) + BOX.width + BOX.margin;
  const height = Math.max(...boxes.map(({ y }) => y)) + BOX.height + BOX.margin;
  const edges = graph.edges.flatMap((edge) => {
    const from = byId.get(edge.from);
    const to = byId.get(edge.to);
    return from === undefined || to === undefined ? [] : [drawEdge(from, to, edge.twoWay)];
  });
  return [
    `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Routes, functions and tables">`,
    '<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z"/></marker></defs>',
    ...edges,
    ...boxes.map(drawBox),
    "</svg>",
  ].join("\n");
}

function place({ nodes, edges }: Graph): readonly Placed[] {
  const used = COLUMNS.filter((kind) => nodes.some((node) => node.kind === kind));
  const tallest = Math.max(
    ...used.map((kind) => nodes.filter((node) => node.kind === kind).length),
  );
  const rows = new Map<string, number>();
  return used.flatMap((kind, column) => {
    const own = nodes.filter((node) => node.kind === kind);
    const height = (node: Node): number => {
      const before = edges
        .filter(({ to }) => to === node.id)
        .map(({ from }) => rows.get(from) ?? 0);
      return before.length === 0 ? Number.POSITIVE_INFINITY : mean(before);
    };
    // Clients and routes keep their own order.
    const ordered =
      column < 2 ? own : [...own].sort((left, right) => compare(height(left), height(right)));
    const top = (tallest - own.length) / 2;
    return ordered.map((node, at): Placed => {
      rows.set(node.id, top + at);
      return {
        ...node,
        x: BOX.margin + column * (BOX.width + BOX.gapX),
        y: BOX.margin + (top + at) * (BOX.height + BOX.gapY),
      };
    });
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Two infinities are equal, but their difference is NaN. */
function compare(left: number, right: number): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

function drawEdge(from: Placed, to: Placed, twoWay: boolean): string {
  const [x1, y1] = [from.x + BOX.width, from.y + BOX.height / 2];
  const [x2, y2] = [to.x, to.y + BOX.height / 2];
  const middle = (x1 + x2) / 2;
  const start = twoWay ? ' marker-start="url(#end)"' : "";
  return `<path class="edge" d="M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}"${start} marker-end="url(#end)"/>`;
}

function drawBox({ kind, title, detail, x, y }: Placed): string {
  const tooltip = `<title>${escapeHtml(`${title}: ${detail}`)}</title>`;
  const line = (dy: number, name: string, text: string) =>
    `<text class="${name}" x="12" y="${dy}">${escapeHtml(text)}</text>`;
  return `<g class="box ${kind}" transform="translate(${x} ${y})">${tooltip}<rect width="${BOX.width}" height="${BOX.height}" rx="8"/>${line(22, "title", cut(title, MOST.title))}${line(40, "detail", cut(detail, MOST.detail))}</g>`;
}

function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}
