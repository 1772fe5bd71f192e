/**
 * Stands in for the package `string-width` in the bundled command line, which only lays out help texts:
 * the package builds tables for all scripts of the world at start, and takes longer than Node itself.
 */
// biome-ignore lint/style/noDefaultExport: the package that it replaces has one
export { stringWidth as default };

function stringWidth(text: string): number {
  return text.length;
}
