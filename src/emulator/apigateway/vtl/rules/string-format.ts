import { printed } from "./java-printing.ts";
import { isNumber, JavaException, type Value } from "./java-values.ts";

const SPECIFIER = /%(?:(?:(\d+)\$)?([-0+,]*)(\d+)?(?:\.(\d+))?([a-zA-Z%]))?/g;

/** `String.format()`: `%s`, `%b`, `%d`, `%x` and `%f`, with widths. Throws a JavaException. */
export function javaFormat(pattern: string, args: readonly Value[]): string {
  let at = 0;
  return pattern.replace(
    SPECIFIER,
    (token, place?: string, flags = "", width = "", precision?: string, kind?: string) => {
      if (kind === "%") return "%";
      if (kind === "n") return "\n";
      if (kind === undefined) throw new JavaException("UnknownFormatConversionException: %");
      const index = place === undefined ? at++ : Number(place) - 1;
      const value = args[index];
      if (value === undefined) throw new JavaException(`MissingFormatArgumentException: ${token}`);
      const length = Number(width);
      if (length > 10_000) throw new JavaException("OutOfMemoryError");
      const text = conversion(kind.toLowerCase(), value, flags, precision);
      const cased = kind === kind.toLowerCase() ? text : text.toUpperCase();
      if (flags.includes("-")) return cased.padEnd(length);
      if (!flags.includes("0") || value === null) return cased.padStart(length);
      const [sign = ""] = /^[-+]/.exec(cased) ?? [];
      return sign + cased.slice(sign.length).padStart(length - sign.length, "0");
    },
  );
}

function conversion(kind: string, value: Value, flags: string, precision?: string): string {
  if (kind === "b") return String(typeof value === "boolean" ? value : value !== null);
  const text = printed(value) ?? "null";
  const isText = kind === "s" || (value === null && /[dxf]/.test(kind));
  if (isText) return text.slice(0, precision === undefined ? undefined : Number(precision));
  if (kind === "d" && typeof value === "bigint") return signed(text, flags);
  if (kind === "x" && typeof value === "bigint") {
    const isInt = BigInt.asIntN(32, value) === value;
    return BigInt.asUintN(isInt ? 32 : 64, value).toString(16);
  }
  if (kind === "f" && isNumber(value) && typeof value !== "bigint") {
    return signed(Number(text).toFixed(Math.min(100, Number(precision ?? 6))), flags);
  }
  throw new JavaException(`IllegalFormatConversionException: %${kind} of ${text}`);
}

function signed(number: string, flags: string): string {
  const grouped = flags.includes(",")
    ? number.replace(/\B(?<!\.\d*)(?=(?:\d{3})+(?!\d))/g, ",")
    : number;
  return flags.includes("+") && !number.startsWith("-") ? `+${grouped}` : grouped;
}
