import type { ProjectDescription } from "./describe.ts";
import { graphOf, type Node } from "./graph.ts";

const SHAPES: Readonly<Record<Node["kind"], readonly [string, string]>> = {
  client: ["([", "])"],
  route: ["{{", "}}"],
  function: ["[", "]"],
  table: ["[(", ")]"],
};

/** A flow chart for GitHub and other renderers: https://mermaid.js.org/syntax/flowchart.html */
export function describeAsMermaid(project: ProjectDescription): string {
  const { nodes, edges } = graphOf(project);
  const lines = [
    "flowchart LR",
    ...nodes.map(({ id, kind, title, detail }) => {
      const [open, close] = SHAPES[kind];
      return `  ${id}${open}"${quoted(title)}<br/><small>${quoted(detail)}</small>"${close}`;
    }),
    ...edges.map(({ from, to, twoWay }) => `  ${from} ${twoWay ? "<-->" : "-->"} ${to}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** Mermaid reads `#…;` as an escaped character, as HTML reads `&…;`. */
function quoted(text: string): string {
  return text.replace(/["#<>&`\\\n]/g, (char) => `#${char.charCodeAt(0)};`);
}
