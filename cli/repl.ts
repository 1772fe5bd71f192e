/** What one line typed at the prompt comes to. */
export type Action =
  | { readonly kind: "send"; readonly text: string }
  /** The JSON that the lines so far began is not closed yet. */
  | { readonly kind: "continue"; readonly pending: string }
  | { readonly kind: "ping" }
  /** Without a code the close frame has none, which API Gateway reports as 1005. */
  | { readonly kind: "close"; readonly code: number | undefined; readonly reason: string }
  | { readonly kind: "help" }
  | { readonly kind: "quit" }
  | { readonly kind: "nothing" }
  | { readonly kind: "mistake"; readonly message: string };

export const HELP: readonly (readonly [string, string])[] = [
  ["text", "send the line as one message; an open { or [ goes on over the next lines"],
  ["//text", "send a text that begins with /"],
  ["/ping", "measure the round trip of a ping"],
  ["/close [code] [reason]", "close the connection, with 1000 or a code from 3000 to 4999"],
  ["/quit", "close it with 1000 and leave; so do Ctrl-D, and Ctrl-C on an empty line"],
  ["/help", "show this"],
];

/**
 * Reads one line. `pending` is what `continue` handed back before, or "". JSON that opens an object or
 * array and does not close it goes on with the next line, so that pasted JSON stays one message; an
 * empty line sends it as it is.
 */
export function readLine(line: string, pending = ""): Action {
  if (pending !== "") {
    if (line.trim() === "") return { kind: "send", text: pending };
    return message(`${pending}\n${line}`);
  }
  if (line.trim() === "") return { kind: "nothing" };
  if (line.startsWith("//")) return { kind: "send", text: line.slice(1) };
  return line.startsWith("/") ? command(line.slice(1)) : message(line);
}

function message(text: string): Action {
  return isOpenJson(text) ? { kind: "continue", pending: text } : { kind: "send", text };
}

function command(line: string): Action {
  const [name = "", ...words] = line.trim().split(/\s+/);
  switch (name) {
    case "close":
      return close(words);
    case "ping":
    case "help":
    case "quit":
      if (words.length > 0) return { kind: "mistake", message: `/${name} takes nothing more.` };
      return { kind: name };
    default: {
      const text = `There is no command /${name}; /help lists them, and //${name} sends "/${name}".`;
      return { kind: "mistake", message: text };
    }
  }
}

function close([code, ...reason]: readonly string[]): Action {
  if (code === undefined) return { kind: "close", code: undefined, reason: "" };
  const value = Number(code);
  const allowed = value === 1000 || (Number.isInteger(value) && value >= 3000 && value <= 4999);
  if (!allowed) {
    return {
      kind: "mistake",
      message: `A client may close with 1000 or 3000 to 4999, not with ${code}.`,
    };
  }
  const text = reason.join(" ");
  if (Buffer.byteLength(text) > REASON_BYTES) {
    return { kind: "mistake", message: `A reason may have ${REASON_BYTES} bytes at most.` };
  }
  return { kind: "close", code: value, reason: text };
}

/** @see https://www.rfc-editor.org/rfc/rfc6455#section-5.5 (125 bytes, two of them for the code) */
const REASON_BYTES = 123;

/** Whether a text begins an object or array that more lines could still close. */
function isOpenJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (inString) {
      if (char === "\\") at += 1;
      else if (char === '"') inString = false;
      else if (char === "\n") return false; // no JSON string goes over a line's end
    } else if (char === '"') inString = true;
    else if (char === "{" || char === "[") depth += 1;
    else if (char === "}" || char === "]") depth -= 1;
    if (depth === 0 && !inString) return false;
  }
  return !inString;
}
