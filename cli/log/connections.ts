import { outputLines, printable } from "../terminal/control-characters.ts";
import { cut } from "../terminal/text.ts";
import type { FactOf, Line, Pen } from "./line.ts";
import { masked } from "./masked.ts";
import type { TerminalLogOptions } from "./options.ts";
import { closing, inWords } from "./phrases.ts";

type Handshake = {
  readonly from: string;
  /** Undefined if it is exactly the URL of a stage. */
  readonly to: string | undefined;
  connectRan: string;
};

/** Maximum characters of a URL in a line, unless verbose. */
const URL_SHOWN = 200;

/** Close causes that are errors of the client. */
const CLIENT_ERRORS: ReadonlySet<string> = new Set([
  "binary-message",
  "too-large",
  "protocol-error",
  "invalid-utf8",
]);

/** Describes how connections start and end. */
export function createConnectionTeller(
  { paint, verbose }: Pen,
  { project, stages = () => [] }: Pick<TerminalLogOptions, "project" | "stages">,
) {
  const handshakes = new Map<string, Handshake>();

  return {
    requested(fact: FactOf<"connection.requested">): Line {
      const { connectionId, sourceIp, api, stage } = fact;
      const url = masked(fact.url);
      const [first] = Object.keys(project().apis);
      const isUsual = url === `/${stage}` && api === first;
      handshakes.set(connectionId, {
        from: sourceIp,
        to: isUsual ? undefined : url,
        connectRan: "",
      });
      const text = paint.dim(`GET ${url} from ${sourceIp}`);
      return { weight: "detail", connectionId, text };
    },
    /** Keeps the outcome of the $connect handler for the line about the connection. */
    connectRan(connectionId: string, ran: string): void {
      const handshake = handshakes.get(connectionId);
      if (handshake !== undefined) handshake.connectRan = ran;
    },
    opened({ connectionId }: FactOf<"connection.opened">): Line {
      const { from = "?", to: url, connectRan = "" } = handshakes.get(connectionId) ?? {};
      handshakes.delete(connectionId);
      const shown = verbose ? url : url && cut(url, URL_SHOWN);
      const to = shown === undefined ? "" : ` to ${printable(shown)}`;
      const details = [
        ...(verbose ? [` as ${connectionId}`] : []),
        ...(connectRan === "" ? [] : [` · ${connectRan}`]),
      ];
      const text = `${paint.green("connected")}${to} from ${from}${paint.dim(details.join(""))}`;
      return { weight: "story", connectionId, text };
    },
    /** A failed $connect handler has its own lines. */
    rejected(fact: FactOf<"connection.refused">, handlerFailed: boolean): Line {
      const { connectionId, statusCode, because, path } = fact;
      if (path !== undefined) {
        const urls = stages().map(({ url }) => url);
        const text = `${paint.red(`! rejected with ${statusCode}`)} because ${path} is not a stage`;
        const below = urls.length === 0 ? [] : [paint.dim(`  Connect to ${urls.join(" or ")}`)];
        return { weight: "story", connectionId, text, below };
      }
      const handshake = handshakes.get(connectionId ?? "");
      handshakes.delete(connectionId ?? "");
      const from = handshake === undefined ? "" : ` from ${handshake.from}`;
      const cause = handlerFailed ? "its $connect handler failed" : inWords(because);
      const [why = "", ...rest] = outputLines(cause, false);
      const text = `${paint.red(`! rejected with ${statusCode}`)}${from} because ${why}`;
      const below = rest.map((line) => `    ${line}`);
      return { weight: statusCode >= 500 ? "trouble" : "story", connectionId, text, below };
    },
    closed(fact: FactOf<"connection.closed">): Line {
      handshakes.delete(fact.connectionId);
      const text = printable(closing(fact));
      const shown = CLIENT_ERRORS.has(fact.because) ? paint.red(`! ${text}`) : text;
      return { weight: "story", connectionId: fact.connectionId, text: shown };
    },
  };
}
