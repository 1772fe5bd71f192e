import { isLoopback } from "../../src/values/loopback.ts";

/** Completes a URL as users write it: `http` for `ws`, or without a scheme. */
export function completeUrl(text: string): URL | undefined {
  const schemed = /^[a-z][a-z\d+.-]*:\/\//i.test(text);
  const url = parse(schemed ? text : `ws://${text}`);
  if (url === undefined) return undefined;
  const protocol = schemed ? SCHEMES[url.protocol] : isLoopback(url.hostname) ? "ws:" : "wss:";
  if (protocol === undefined || url.hash !== "") return undefined;
  // Setting url.protocol would drop a port that is the default of the first scheme.
  return parse(`${protocol}//${schemed ? text.slice(text.indexOf("://") + 3) : text}`);
}

const SCHEMES: Readonly<Record<string, string>> = {
  "ws:": "ws:",
  "wss:": "wss:",
  "http:": "ws:",
  "https:": "wss:",
};

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
