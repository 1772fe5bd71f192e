import { parseDuration } from "../terminal/duration.ts";
import { type Action, mistaken, type Switch } from "./action-types.ts";
import {
  isName,
  readBinary,
  readClose,
  readPing,
  readSendTemplate,
  split,
  tooMuch,
} from "./read-arguments.ts";

/** A command of the prompt: its usage, its description, and the parser of its arguments. */
export type PromptCommand = {
  readonly name: string;
  readonly usage: string;
  readonly does: string;
  /** `rest` is trimmed. */
  read(rest: string): Action;
};

/** By name, in the order of /help. */
export const COMMANDS: readonly PromptCommand[] = [
  {
    name: "raw",
    usage: "/raw TEXT",
    does: "send a message unchanged, with its $ and @",
    read: (rest) => needing(rest, "raw", "a text", () => ({ kind: "send", text: rest, raw: true })),
  },
  {
    name: "file",
    usage: "/file FILE",
    does: "send the content of a file as one message",
    read: (rest) => needing(rest, "file", "a file", () => ({ kind: "file", file: rest })),
  },
  {
    name: "binary",
    usage: "/binary HEX",
    does: "send bytes, such as 00 ff; API Gateway closes with 1003",
    read: readBinary,
  },
  {
    name: "ping",
    usage: "/ping [count]",
    does: "measure the round trip of a ping, or of several",
    read: readPing,
  },
  {
    name: "open",
    usage: "/open NAME [url]",
    does: "open one more connection, and talk on it",
    read(rest) {
      const [name = "", url, extra] = rest.split(/\s+/);
      if (!isName(name)) return mistaken("/open needs a name of letters, digits, - and _.");
      return extra === undefined ? { kind: "open", name, url } : tooMuch("open");
    },
  },
  {
    name: "use",
    usage: "/use NAME",
    does: "talk on another open connection",
    read: (rest) => needing(rest, "use", "a name", () => ({ kind: "use", name: rest })),
  },
  { name: "who", usage: "/who", does: "list your connections", read: alone("who") },
  {
    name: "all",
    usage: "/all TEXT",
    does: "send a message on every connection",
    read: (rest) => needing(rest, "all", "a text", () => ({ kind: "all", text: rest })),
  },
  {
    name: "set",
    usage: "/set [NAME value]",
    does: "set ${NAME} for messages, or list the values",
    read(rest) {
      if (rest === "") return { kind: "set", name: undefined, value: "" };
      const [name, value] = split(rest);
      if (!isName(name)) return mistaken("/set needs a name of letters, digits, - and _.");
      return { kind: "set", name, value };
    },
  },
  {
    name: "template",
    usage: "/template [NAME TEXT]",
    does: "store a message under a name, or list the stored ones",
    read(rest) {
      if (rest === "") return { kind: "template", name: undefined, text: "" };
      const [name, text] = split(rest);
      if (!isName(name) || text === "") return mistaken("/template needs a name and a message.");
      return { kind: "template", name, text };
    },
  },
  {
    name: "send",
    usage: "/send NAME [x=y …]",
    does: "send a template with these values",
    read: readSendTemplate,
  },
  {
    name: "select",
    usage: "/select [expression]",
    does: "show a part of each JSON message only (JMESPath), or all again",
    read: (rest) => ({ kind: "select", expression: rest === "" ? undefined : rest }),
  },
  toggle("pretty", "indent JSON that is too long for one line"),
  toggle("times", "show the time, and the time since the last send"),
  toggle("pings", "show pings of the server"),
  {
    name: "load",
    usage: "/load FILE",
    does: "run the lines of a file",
    read: (rest) => needing(rest, "load", "a file", () => ({ kind: "load", file: rest })),
  },
  {
    name: "expect",
    usage: "/expect WHAT",
    does: "wait for a string, a /pattern/, or JSON that has at least this",
    read: (rest) =>
      needing(rest, "expect", "what to expect", () => ({ kind: "expect", expected: rest })),
  },
  {
    name: "wait",
    usage: "/wait TIME",
    does: "wait, such as 500ms or 2s, before the next line of a script",
    read(rest) {
      const ms = parseDuration(rest);
      return ms === undefined
        ? mistaken("/wait needs a time such as 500ms or 2s.")
        : { kind: "wait", ms };
    },
  },
  {
    name: "routes",
    usage: "/routes",
    does: "list the routes of the API (Tab completes them)",
    read: alone("routes"),
  },
  {
    name: "connections",
    usage: "/connections",
    does: "local gateway: list all connections",
    read: alone("connections"),
  },
  {
    name: "post",
    usage: "/post ID TEXT",
    does: "local gateway: POST @connections/ID, as a handler does",
    read(rest) {
      const [to, text] = split(rest);
      if (to === "") return mistaken("/post needs a connection and a text.");
      return { kind: "post", to, text };
    },
  },
  {
    name: "get",
    usage: "/get [ID]",
    does: "local gateway: GET @connections/ID; without ID your own",
    read: (rest) => ({ kind: "get", id: rest }),
  },
  {
    name: "kick",
    usage: "/kick ID",
    does: "local gateway: DELETE @connections/ID",
    read: (rest) => needing(rest, "kick", "a connection", () => ({ kind: "kick", id: rest })),
  },
  {
    name: "trace",
    usage: "/trace",
    does: "local gateway: what your last message caused",
    read: alone("trace"),
  },
  {
    name: "close",
    usage: "/close [code] [reason]",
    does: "close the connection, with 1000 or a code from 3000 to 4999",
    read: readClose,
  },
  {
    name: "quit",
    usage: "/quit",
    does: "close all with 1000 and leave, like Ctrl-D, or Ctrl-C on an empty line",
    read: alone("quit"),
  },
  { name: "help", usage: "/help", does: "show this list", read: alone("help") },
];

/** The contents of /help: what to type, and what it does. */
export const HELP: readonly (readonly [usage: string, does: string])[] = [
  ["text", "send the line as one message; an open { or [ continues on the next lines"],
  ["//text", "send a message that begins with /"],
  ["@NAME text", "send on the connection with that name; @NAME /ping pings it"],
  [
    "$last ${x}",
    "in a message: the last received message, or a field of it: $last.id; a value of /set",
  ],
  ...COMMANDS.map(({ usage, does }) => [usage, does] as const),
];

function needing(rest: string, name: string, what: string, read: () => Action): Action {
  return rest === "" ? mistaken(`/${name} needs ${what}.`) : read();
}

function alone(kind: "who" | "routes" | "connections" | "trace" | "quit" | "help") {
  return (rest: string): Action => (rest === "" ? { kind } : tooMuch(kind));
}

function toggle(what: Switch, does: string): PromptCommand {
  return {
    name: what,
    usage: `/${what} on|off`,
    does,
    read: (rest) =>
      rest === "on" || rest === "off"
        ? { kind: "switch", what, on: rest === "on" }
        : mistaken(`/${what} needs on or off.`),
  };
}
