import { isNumber, JsonNumber, type Value } from "./java-values.ts";

/** `+ - * / %` of two numbers; null if there is no result. Integer division truncates, as in Java. */
export function calculate(operator: "+" | "-" | "*" | "/" | "%", left: Value, right: Value): Value {
  if (!isNumber(left) || !isNumber(right)) return null;
  const [a, b] = [plain(left), plain(right)];
  if ((operator === "/" || operator === "%") && Number(b) === 0) return null;
  if (typeof a === "bigint" && typeof b === "bigint") return whole(operator, a, b);
  const [x, y] = [Number(a), Number(b)];
  switch (operator) {
    case "+":
      return x + y;
    case "-":
      return x - y;
    case "*":
      return x * y;
    case "/":
      return x / y;
    default:
      return x % y;
  }
}

/** More digits than any template needs: larger numbers get slower and slower. */
const MOST_BITS = 4096n;

function whole(operator: string, a: bigint, b: bigint): Value {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*": {
      const product = a * b;
      return product >> MOST_BITS === 0n || -product >> MOST_BITS === 0n ? product : null;
    }
    case "/":
      return a / b;
    default:
      return a % b;
  }
}

/** -1, 0 or 1; NaN if the values cannot be compared. */
export function compare(left: Value, right: Value): number {
  if (!isNumber(left) || !isNumber(right)) return Number.NaN;
  const [a, b] = [plain(left), plain(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function plain(value: bigint | number | JsonNumber): bigint | number {
  return value instanceof JsonNumber ? Number(value.text) : value;
}
