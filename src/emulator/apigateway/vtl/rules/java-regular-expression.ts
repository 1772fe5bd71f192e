import { JavaException } from "./java-values.ts";

/**
 * Differences between regular expressions of Java and JavaScript: quoted text, classes, anchors, possessive
 * quantifiers.
 */
const TOKEN = /\\Q(.*?)(?:\\E|$)|\\([pP])\{(?:Is)?(\w+)\}|\\(.)|(\[\^?|&&)|(\])|([*+?}])\+|(\$)/gs;

/** Java's POSIX classes are ASCII; all others are Unicode. */
const POSIX: Readonly<Record<string, string>> = {
  Alnum: "A-Za-z0-9",
  Alpha: "A-Za-z",
  ASCII: "\\x00-\\x7F",
  Blank: " \\t",
  Cntrl: "\\x00-\\x1F\\x7F",
  Digit: "0-9",
  Graph: "\\x21-\\x7E",
  Lower: "a-z",
  Print: "\\x20-\\x7E",
  Punct: "!-\\/:-@\\[-`{-~",
  Space: " \\t\\n\\x0B\\f\\r",
  Upper: "A-Z",
  XDigit: "0-9A-Fa-f",
};
const BLANKS = " \\t\\n\\x0B\\f\\r";
const END_OF_TEXT = "(?![^])";
/** Also matches before a line terminator at the end of the input. */
const END = `(?=(?:\\r\\n|[\\n\\r\\u0085\\u2028\\u2029])?${END_OF_TEXT})`;

/** Translates a regular expression from Java to JavaScript. Throws a JavaException. */
export function javaExpression(pattern: string, flags = "", isWhole = false): RegExp {
  const [, inline = "", rest = ""] = /^(?:\(\?([imsux]+)\))?(.*)$/s.exec(pattern) ?? [];
  if (inline.includes("x")) throw new JavaException(`wsgw does not support (?x): ${pattern}`);
  const isUnicode = /\\[pP]\{/.test(rest);
  const own = new Set(`${flags}${inline.replace(/[ux]/g, "")}${isUnicode ? "u" : ""}`);
  const source = translated(rest, own.has("m"));
  try {
    return new RegExp(isWhole ? `^(?:${source})${END_OF_TEXT}` : source, [...own].join(""));
  } catch {
    // Java takes flags anywhere, and more of them.
    if (/\(\?[a-z-]+[:)]/i.test(rest)) {
      throw new JavaException(
        `wsgw supports only the flags (?i), (?m), (?s) and (?u), at the start: ${pattern}`,
      );
    }
    throw new JavaException(`PatternSyntaxException: ${pattern}`);
  }
}

function translated(pattern: string, isMultiline: boolean): string {
  let isInClass = false;
  const group = (members: string, isNot = false): string => {
    if (isInClass && !isNot) return members;
    return `[${isNot ? "^" : ""}${members}]`;
  };
  const source = pattern.replace(
    TOKEN,
    (token, quoted, sign, name, escaped, opening, closing, possessive, end) => {
      if (quoted !== undefined) return quoted.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
      if (sign !== undefined) {
        const members = POSIX[name];
        if (members === undefined) return `\\${sign}{${name}}`;
        return isInClass && sign === "P" ? token : group(members, sign === "P");
      }
      if (escaped !== undefined) return escapeOf(escaped, group, isInClass);
      if (opening !== undefined) {
        if (!isInClass && opening === "&&") return opening;
        if (isInClass)
          throw new JavaException(`wsgw does not support nested character classes: ${pattern}`);
        isInClass = true;
        return opening;
      }
      if (closing !== undefined) {
        isInClass = false;
        return closing;
      }
      if (possessive !== undefined) return isInClass ? token : possessive;
      return end !== undefined && !isInClass && !isMultiline ? END : token;
    },
  );
  if (isInClass) throw new JavaException(`PatternSyntaxException: ${pattern}`);
  return source;
}

function escapeOf(
  escaped: string,
  group: (members: string, isNot?: boolean) => string,
  isInClass: boolean,
): string {
  switch (escaped) {
    case "s":
      return group(BLANKS);
    case "S":
      return isInClass ? "\\S" : group(BLANKS, true);
    case "h":
      return group(" \\t\\xA0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000");
    case "A":
      return "(?<![^])";
    case "z":
      return END_OF_TEXT;
    case "Z":
      return END;
    case "R":
      return "(?:\\r\\n|[\\n-\\r\\u0085\\u2028\\u2029])";
    case "a":
      return "\\x07";
    case "e":
      return "\\x1B";
    default:
      // JavaScript's Unicode mode allows escapes only of special characters
      return /[\w^$.*+?()[\]{}|/\\-]/.test(escaped) ? `\\${escaped}` : escaped;
  }
}
