import type { StackOutput } from "../aws/stacks.ts";
import { apiPrefix } from "../template/logical-ids.ts";

/** The URL for clients of a stack: wsgw's own output, else the first WebSocket URL. */
export function webSocketUrl(outputs: readonly StackOutput[]): string | undefined {
  const urls = urlsIn(outputs);
  return (urls.find(({ key }) => key === "WebSocketUrl") ?? urls[0])?.value;
}

function urlsIn(outputs: readonly StackOutput[]): readonly StackOutput[] {
  return outputs.filter(({ value }) => /^wss?:\/\//.test(value));
}

/**
 * Finds the URL of an API and stage in the outputs of a stack. Without one, returns the reason as the end of
 * a sentence about the stack. `api` is a name of the definition or the prefix of the API's outputs, such as
 * `ChatApi`. The outputs of a stack with one API do not name that API, so every name matches it.
 */
export function chooseUrl(
  outputs: readonly StackOutput[],
  { api, stage }: { readonly api?: string | undefined; readonly stage?: string | undefined },
): { readonly url: string } | { readonly problem: string } {
  const names = namedApis(outputs);
  const [name, ...others] = names.filter(
    (each) => api === undefined || each === api || each === apiPrefix(api),
  );
  if (others.length > 0) {
    return { problem: `has several APIs. Choose one with --api: ${names.join(", ")}.` };
  }
  const isOnly = names.length === 0 && hasOneApi(outputs);
  if (api !== undefined && name === undefined && !isOnly) {
    const known = names.length === 0 ? "Its outputs have none" : `Its APIs: ${names.join(", ")}`;
    return { problem: `has no API "${api}". ${known}.` };
  }
  const own = name === undefined ? outputs : outputsOf(name, outputs, names);
  const first =
    own.find(({ key }) => key === `${name}WebSocketUrl`)?.value ?? webSocketUrl(outputs);
  if (first === undefined) return { problem: "has no output with a WebSocket URL." };
  if (stage === undefined || stageOf(first) === stage) return { url: first };
  const urls = own.filter(({ key }) => key.endsWith("WebSocketUrl")).map(({ value }) => value);
  const url = urls.find((each) => stageOf(each) === stage);
  if (url !== undefined) return { url };
  const stages = [...new Set([first, ...urls].map(stageOf))].join(", ");
  return { problem: `has no stage "${stage}". It has ${stages}.` };
}

/** Whether these are wsgw's outputs of one API, or contain only one URL. */
function hasOneApi(outputs: readonly StackOutput[]): boolean {
  const urls = urlsIn(outputs);
  return urls.length === 1 || urls.some(({ key }) => key === "WebSocketUrl");
}

/** The APIs of a stack with several APIs or stages. */
function namedApis(outputs: readonly StackOutput[]): readonly string[] {
  const keys = outputs.map(({ key }) => key);
  return keys
    .flatMap((key) => /^(.+Api)WebSocketUrl$/.exec(key)?.[1] ?? [])
    .filter((name) => keys.includes(`${name}Id`))
    .sort();
}

/** The outputs of one API, without those of another whose name has the same prefix. */
function outputsOf(
  name: string,
  outputs: readonly StackOutput[],
  names: readonly string[],
): readonly StackOutput[] {
  const longer = names.filter((each) => each !== name && each.startsWith(name));
  return outputs.filter(
    ({ key }) => key.startsWith(name) && !longer.some((other) => key.startsWith(other)),
  );
}

function stageOf(url: string): string {
  return url.slice(url.lastIndexOf("/") + 1);
}

/** A stack's outputs, the WebSocket URL first. */
export function sortOutputs(outputs: readonly StackOutput[]): readonly StackOutput[] {
  const url = webSocketUrl(outputs);
  const first = outputs.filter(({ value }) => value === url);
  const rest = outputs.filter(({ value }) => value !== url);
  return [...first, ...rest.sort((a, b) => (a.key < b.key ? -1 : 1))];
}
