// Converts terminal output to SVG, limited to the colours and weights that wsgw uses.
import { stripVTControlCharacters } from "node:util";

const CELL = { width: 8.4, height: 20, font: 14 };
const EDGE = 18;
const BAR = 34;
const INK = "#d8dee9";
const COLOURS = {
  31: "#ff7b72",
  32: "#7ee787",
  33: "#e3b341",
  34: "#79c0ff",
  35: "#d2a8ff",
  36: "#76e3ea",
  90: "#8b949e",
};
// A prompt redraws its line whenever something is printed above it.
const ESC = "\u001b";
export const DRAWN_ANEW = new RegExp(`${ESC}\\[1G${ESC}\\[0[JK]`);
const SGR = new RegExp(`${ESC}\\[([\\d;]*)m`);

/** Windows one below the other: `[{ title, output }]`, with `output` as the terminal received it. */
export function terminalSvg(windows) {
  const shown = windows.map(({ title, output }) => ({ title, lines: linesOf(output) }));
  const columns = Math.max(...shown.flatMap(({ lines }) => lines.map(lengthOf)), 60);
  const width = Math.ceil(columns * CELL.width + 2 * EDGE);
  const parts = [];
  let top = 0;
  for (const { title, lines } of shown) {
    const height = BAR + lines.length * CELL.height + EDGE;
    parts.push(
      `<rect x="0.5" y="${top + 0.5}" width="${width - 1}" height="${height - 1}" rx="8" fill="#0d1117" stroke="#30363d"/>`,
      `<text x="${EDGE}" y="${top + 22}" fill="#8b949e">${escaped(title)}</text>`,
      ...lines.map((line, index) => textOf(line, top + BAR + (index + 0.75) * CELL.height)),
    );
    top += height + 12;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top - 12}" viewBox="0 0 ${width} ${top - 12}" font-family="ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${CELL.font}">
<title>${escaped(windows.map(({ title }) => title).join(", "))}</title>
${parts.filter((part) => part !== "").join("\n")}
</svg>
`;
}

/** Lines of runs `{ text, at, color, bold, dim }`; `at` is the column. Removes empty lines at both ends. */
function linesOf(output) {
  const style = { color: INK, bold: false, dim: false };
  const lines = output
    .replace(/\r*\n$/, "")
    .split(/\r*\n/)
    .map((line) => runsOf(line.split(DRAWN_ANEW).at(-1) ?? "", style));
  while (lines.length > 0 && lengthOf(lines[0]) === 0) lines.shift();
  while (lines.length > 0 && lengthOf(lines.at(-1)) === 0) lines.pop();
  return lines;
}

function runsOf(line, style) {
  const runs = [];
  let at = 0;
  // Every second part is the content of a colour's escape sequence.
  for (const [index, part] of line.split(SGR).entries()) {
    if (index % 2 === 1) {
      restyle(style, part);
      continue;
    }
    const text = stripVTControlCharacters(part);
    if (text !== "") runs.push({ ...style, text, at });
    at += text.length;
  }
  return runs;
}

function restyle(style, codes) {
  for (const code of codes.split(";").map(Number)) {
    if (code === 0) Object.assign(style, { color: INK, bold: false, dim: false });
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 22) Object.assign(style, { bold: false, dim: false });
    else if (code === 39) style.color = INK;
    else if (code in COLOURS) style.color = COLOURS[code];
    else throw new Error(`terminal-svg does not know the style ${code}`);
  }
}

function lengthOf(runs) {
  const last = runs.at(-1);
  return last === undefined ? 0 : last.at + last.text.length;
}

/** Each run is at its column and as wide as its letters in any font. SVG collapses spaces. */
function textOf(runs, y) {
  const spans = runs
    .filter(({ text }) => text.trim() !== "")
    .map(({ text, at, color, bold, dim }) => {
      const indent = text.length - text.trimStart().length;
      const letters = text.trim();
      const x = (EDGE + (at + indent) * CELL.width).toFixed(1);
      const style = `${bold ? ' font-weight="bold"' : ""}${dim ? ' opacity="0.65"' : ""}`;
      return `<tspan x="${x}" textLength="${(letters.length * CELL.width).toFixed(1)}" fill="${color}"${style}>${escaped(letters).replaceAll(" ", "&#160;")}</tspan>`;
    });
  return spans.length === 0 ? "" : `<text y="${y}">${spans.join("")}</text>`;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
