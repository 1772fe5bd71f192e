import { mistake } from "../command.ts";

/**
 * Reads `--query`. As in a URL, `&` separates parameters and `%20` stays; other characters that are invalid in a
 * query are escaped.
 */
export function readQuery(written: readonly string[]): readonly string[] {
  const unnamed = written.find((each) => !/^[^=&]+=/.test(each));
  if (unnamed !== undefined) {
    throw mistake(`--query must be 'name=value', not "${unnamed}".`);
  }
  return written
    .flatMap((each) => each.split("&"))
    .map((each) => each.replace(UNSAFE, encodeURIComponent));
}

const UNSAFE = /%(?![\da-fA-F]{2})|[^\w.~!*'()=%-]/gu;

/**
 * `query` replaces the URL's parameters with the same names, so that the URL of an open connection stays the
 * same.
 */
export function withQuery(href: string, query: readonly string[]): string {
  if (query.length === 0) return href;
  const [place = "", own = ""] = href.split(/\?(.*)/s);
  const names = new Set(query.map(nameOf));
  const kept = own.split("&").filter((each) => each !== "" && !names.has(nameOf(each)));
  return new URL(`${place}?${[...kept, ...query].join("&")}`).href;
}

function nameOf(parameter: string): string | undefined {
  return new URLSearchParams(parameter).keys().next().value;
}
