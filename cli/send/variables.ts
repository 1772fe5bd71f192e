import { randomUUID } from "node:crypto";
import { parseJson } from "../../src/values/json.ts";
import { type Filled, fillIn } from "./insert-values.ts";
import type { Peer } from "./peers.ts";

/** The values of variables in messages. */
export type Variables = {
  set(name: string, value: string): void;
  list(): readonly (readonly [string, string])[];
  /** Replaces the variables of a message; `more` takes precedence over those that were set. */
  fill(text: string, more?: Readonly<Record<string, string>>): Filled;
};

/** `last`, `id`, `uuid` and `now` always exist; `current` is the current connection. */
export function createVariables(current: () => Peer | undefined): Variables {
  const values = new Map<string, string>();

  function lookUp(expression: string, more: Readonly<Record<string, string>>): unknown {
    if (Object.hasOwn(more, expression)) return more[expression];
    const set = values.get(expression);
    if (set !== undefined) return set;
    const peer = current();
    const [, path] = /^last((?:\.\w+|\[\d+\])*)$/.exec(expression) ?? [];
    if (path !== undefined) return partOf(lastOf(peer), path);
    if (expression === "id") return peer?.connected?.connectionId;
    if (expression === "uuid") return randomUUID();
    if (expression === "now") return Date.now();
    return undefined;
  }

  return {
    set: (name, value) => void values.set(name, value),
    list: () => [...values],
    fill: (text, more = {}) => fillIn(text, (expression) => lookUp(expression, more)),
  };
}

/** The last message as its JSON value, else as text. */
function lastOf(peer: Peer | undefined): unknown {
  if (peer?.last === undefined) return undefined;
  const { last } = peer;
  if (last.kind === "binary") return last.bytes.toString("hex");
  const json = parseJson(last.text);
  return json === undefined ? last.text : json.value;
}

/** The part of a value at `.field[0].field`. */
function partOf(value: unknown, path: string): unknown {
  const names = [...path.matchAll(/\w+/g)].map(([name]) => name);
  return names.reduce<unknown>(
    (inside, name) =>
      typeof inside === "object" && inside !== null && Object.hasOwn(inside, name)
        ? Reflect.get(inside, name)
        : undefined,
    value,
  );
}
