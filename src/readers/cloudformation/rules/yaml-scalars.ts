import type { Json } from "./origins.ts";

const NULL = /^(?:~|null|Null|NULL)?$/;
const TRUE = /^(?:true|True|TRUE|yes|Yes|YES|on|On|ON)$/;
const FALSE = /^(?:false|False|FALSE|no|No|NO|off|Off|OFF)$/;
const DECIMAL = /^[-+]?(?:0|[1-9][\d_]*)$/;
const BASED = /^[-+]?0(?:b[01_]+|x[\da-fA-F_]+|[0-7_]+)$/;
const SEXAGESIMAL = /^[-+]?[1-9][\d_]*(?::[0-5]?\d)+$/;
const FLOAT = /^[-+]?(?:\d[\d_]*\.[\d_]*|\.\d[\d_]*)(?:[eE][-+]\d+)?$/;

/**
 * The YAML 1.1 value of an unquoted scalar, as CloudFormation and SAM read it: `yes` is a boolean, `N` is
 * not. Dates stay strings. Numbers that would lose digits stay strings too: an id of 20 digits, the `1.0` of
 * a version.
 */
export function plainScalar(source: string): Json {
  if (NULL.test(source)) return null;
  if (TRUE.test(source)) return true;
  if (FALSE.test(source)) return false;
  const plain = source.replaceAll("_", "");
  if (DECIMAL.test(source)) return integer(Number(plain), source);
  if (BASED.test(source)) return integer(based(plain), source);
  if (SEXAGESIMAL.test(source)) return integer(sexagesimal(plain), source);
  if (FLOAT.test(source)) return float(Number(plain), source);
  return source;
}

function integer(number: number, source: string): Json {
  return Number.isSafeInteger(number) ? number : source;
}

function float(number: number, source: string): Json {
  if (!Number.isSafeInteger(number)) return Number.isFinite(number) ? number : source;
  return number.toFixed(1);
}

function based(plain: string): number {
  const digits = plain.replace(/^[-+]/, "");
  const number = Number(/^0[bx]/.test(digits) ? digits : `0o${digits.slice(1)}`);
  return plain.startsWith("-") ? -number : number;
}

function sexagesimal(plain: string): number {
  const parts = plain.replace(/^[-+]/, "").split(":");
  const number = parts.reduce((sum, part) => sum * 60 + Number(part), 0);
  return plain.startsWith("-") ? -number : number;
}
