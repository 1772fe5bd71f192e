import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Makes a bundle take itself for the file that its handler was written in, so that it finds the files
 * beside that. Nothing moves to another line: the source map stays right.
 */
export function atItsSource(text: string, format: "commonjs" | "module", source: string): string {
  const folder = JSON.stringify(dirname(source));
  const file = JSON.stringify(source);
  if (format === "commonjs") {
    const place = `__filename = ${file}; __dirname = ${folder};`;
    const strict = /^"use strict";/.exec(text)?.[0] ?? "";
    return `${strict}${place}${text.slice(strict.length)}`;
  }
  const url = JSON.stringify(pathToFileURL(source).href);
  const place = `Object.assign(import.meta, { url: ${url}, dirname: ${folder}, filename: ${file} });`;
  // The first line is the banner, which needs the bundle's real place.
  const end = text.indexOf("\n");
  return `${text.slice(0, end)} ${place}${text.slice(end)}`;
}
