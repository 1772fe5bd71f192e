import type { StackOutput } from "../aws/stacks.ts";

/** The address at which clients of a stack connect: wsgw's own output, else the first that is one. */
export function webSocketUrl(outputs: readonly StackOutput[]): string | undefined {
  const urls = outputs.filter(({ value }) => /^wss?:\/\//.test(value));
  return (urls.find(({ key }) => key === "WebSocketUrl") ?? urls[0])?.value;
}

/** A stack's outputs, the address for WebSocket clients first. */
export function sortOutputs(outputs: readonly StackOutput[]): readonly StackOutput[] {
  const url = webSocketUrl(outputs);
  const first = outputs.filter(({ value }) => value === url);
  const rest = outputs.filter(({ value }) => value !== url);
  return [...first, ...rest.sort((a, b) => (a.key < b.key ? -1 : 1))];
}
