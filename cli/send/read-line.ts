import { nearest } from "../../src/values/nearest.ts";
import { type Action, mistaken } from "./action-types.ts";
import { COMMANDS } from "./command-syntax.ts";

/**
 * Parses one line. `pending` is what `continue` returned before, or "". JSON that opens an object or array
 * and does not close it continues on the next line, so that pasted JSON stays one message; an empty line
 * sends it as it is.
 */
export function readLine(line: string, pending = ""): Action {
  if (pending !== "") {
    return line.trim() === "" ? read(pending, true) : read(`${pending}\n${line}`);
  }
  return line.trim() === "" ? { kind: "nothing" } : read(line);
}

function read(text: string, asItIs = false): Action {
  if (text.startsWith("//")) return { kind: "send", text: text.slice(1) };
  const [, name, inner] = /^@([\w-]+)(?:\s+([\s\S]+))?$/.exec(text) ?? [];
  if (name !== undefined && inner !== undefined) {
    const action = read(inner, asItIs);
    if (action.kind === "continue") return { kind: "continue", pending: text };
    return action.kind === "mistake" ? action : { kind: "at", name, action };
  }
  if (name !== undefined) return { kind: "use", name };
  if (!text.startsWith("/")) return message(text, asItIs);
  if (/^\/all\s/.test(text) && !asItIs && isOpenJson(text.slice("/all".length))) {
    return { kind: "continue", pending: text };
  }
  return command(text.slice(1));
}

function message(text: string, asItIs: boolean): Action {
  return !asItIs && isOpenJson(text) ? { kind: "continue", pending: text } : { kind: "send", text };
}

function command(text: string): Action {
  const [, name = "", rest = ""] = /^(\S*)\s*([\s\S]*)$/.exec(text) ?? [];
  const found = COMMANDS.find((each) => each.name === name);
  if (found !== undefined) return found.read(rest.trim());
  const near = nearest(
    name,
    COMMANDS.map((each) => each.name),
  );
  const suggestion = near === undefined ? "" : ` Did you mean /${near}?`;
  return mistaken(
    `The command /${name} does not exist. /help lists them, and //${name} sends "/${name}".${suggestion}`,
  );
}

/** Whether a string starts an object or array that more lines could close. */
function isOpenJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (inString) {
      if (char === "\\") at += 1;
      else if (char === '"') inString = false;
      else if (char === "\n") return false; // a JSON string cannot contain a line break
    } else if (char === '"') inString = true;
    else if (char === "{" || char === "[") depth += 1;
    else if (char === "}" || char === "]") depth -= 1;
    if (depth === 0 && !inString && text.slice(0, at + 1).trim() !== "") return false;
  }
  return !inString;
}
