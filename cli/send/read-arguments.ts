import { type Action, type Mistake, mistaken } from "./action-types.ts";

/** @see https://www.rfc-editor.org/rfc/rfc6455#section-5.5 (125 bytes, two of them for the code) */
const REASON_BYTES = 123;
const MOST_PINGS = 100;

/** Whether a string can be the name of a connection, a variable or a template. */
export function isName(text: string): boolean {
  return /^[\w-]+$/.test(text);
}

/** The error for excess arguments of a command. */
export function tooMuch(name: string): Mistake {
  return mistaken(`/${name} does not take arguments.`);
}

/** The first word, and the rest as written. */
export function split(text: string): readonly [string, string] {
  const [, first = "", rest = ""] = /^(\S*)\s*([\s\S]*)$/.exec(text) ?? [];
  return [first, rest];
}

export function readBinary(rest: string): Action {
  const hex = rest.replace(/\s+/g, "");
  return hex !== "" && /^([\da-f]{2})+$/i.test(hex)
    ? { kind: "binary", hex }
    : mistaken("/binary needs bytes in hexadecimal, such as 00 ff.");
}

export function readPing(rest: string): Action {
  if (rest === "") return { kind: "ping", count: 1 };
  const count = Number(rest);
  return Number.isInteger(count) && count >= 1 && count <= MOST_PINGS
    ? { kind: "ping", count }
    : mistaken(`/ping needs a number of pings from 1 to ${MOST_PINGS}, not ${rest}.`);
}

export function readSendTemplate(rest: string): Action {
  const [name, values] = split(rest);
  if (!isName(name)) return mistaken("/send needs the name of a template.");
  const pairs = [...values.matchAll(/([\w-]+)=("(?:[^"\\]|\\.)*"|\S*)\s*/g)];
  if (pairs.map(([whole]) => whole).join("") !== values) {
    return mistaken(`/send needs values as x=y or x="y z", not ${values}.`);
  }
  const read = ([, key = "", value = ""]: RegExpExecArray) =>
    [key, value.startsWith('"') ? String(JSON.parse(value)) : value] as const;
  return { kind: "send-template", name, values: Object.fromEntries(pairs.map(read)) };
}

export function readClose(rest: string): Action {
  const [code, reason] = split(rest);
  if (code === "") return { kind: "close", code: undefined, reason: "" };
  const value = Number(code);
  const allowed = value === 1000 || (Number.isInteger(value) && value >= 3000 && value <= 4999);
  if (!allowed) {
    return mistaken(`A client can close with 1000 or 3000 to 4999, not with ${code}.`);
  }
  if (Buffer.byteLength(reason) > REASON_BYTES) {
    return mistaken(`A reason can have at most ${REASON_BYTES} bytes.`);
  }
  return { kind: "close", code: value, reason };
}
