/**
 * Replaces the package `string-width` in the bundled command line, which uses it only for the layout of help.
 * The package builds Unicode tables at start, which takes longer than starting Node.
 */
// biome-ignore lint/style/noDefaultExport: the package that it replaces has one
export { stringWidth as default };

function stringWidth(text: string): number {
  return text.length;
}
