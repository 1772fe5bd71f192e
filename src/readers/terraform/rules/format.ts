import { kindOf, numberOf, textOf, type Value, ValueFault } from "./values.ts";

const VERB = /%(?:%|([-+0 #]*)(\d+)?(?:\.(\d+))?([a-zA-Z]))/g;

/** Terraform's `format()`, which is Go's. */
export function format(pattern: string, values: readonly Value[]): string {
  let used = 0;
  const filled = pattern.replace(
    VERB,
    (whole, flags: string, width: string, precision: string, verb: string) => {
      if (whole === "%%") return "%";
      if (used >= values.length) throw new ValueFault("there are not enough values.");
      const value = values[used] ?? null;
      used += 1;
      const text = written(
        value,
        verb,
        flags,
        precision === undefined ? undefined : Number(precision),
      );
      const to = Math.min(Number(width ?? 0), 1000);
      if (flags.includes("-")) return text.padEnd(to);
      return flags.includes("0") ? text.padStart(to, "0") : text.padStart(to);
    },
  );
  if (used < values.length) throw new ValueFault("there are too many values.");
  return filled;
}

function written(value: Value, verb: string, flags: string, precision: number | undefined): string {
  switch (verb) {
    case "s":
      return textOf(value).slice(0, precision);
    case "q":
      return JSON.stringify(textOf(value));
    case "v":
      return typeof value === "object" ? JSON.stringify(value) : textOf(value);
    case "t":
      return textOf(value);
    case "d": {
      const text = textOf(Math.trunc(numberOf(value)));
      return flags.includes("+") && !text.startsWith("-") ? `+${text}` : text;
    }
    case "f":
      return numberOf(value).toFixed(precision ?? 6);
    case "b":
      return numberOf(value).toString(2);
    case "o":
      return numberOf(value).toString(8);
    case "x":
      return hexOf(value);
    case "X":
      return hexOf(value).toUpperCase();
    default:
      throw new ValueFault(`%${verb} does not write ${kindOf(value)}.`);
  }
}

function hexOf(value: Value): string {
  return typeof value === "string"
    ? Buffer.from(value).toString("hex")
    : numberOf(value).toString(16);
}
