import type { LocalProject } from "../../src/app.ts";
import { outputLines, printable } from "../terminal/text.ts";
import type { FactOf, Line, Pen } from "./line.ts";
import { masked } from "./masked.ts";
import { closing, inWords } from "./phrases.ts";

type Handshake = {
  readonly from: string;
  /** Undefined where it is the URL of a stage and nothing more. */
  readonly to: string | undefined;
  connectRan: string;
};

/** Tells how connections come and go. */
export function createConnectionTeller({ paint, excerpt }: Pen, project: () => LocalProject) {
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
    /** Keeps what the $connect handler did for the line that tells of the connection. */
    connectRan(connectionId: string, ran: string): void {
      const handshake = handshakes.get(connectionId);
      if (handshake !== undefined) handshake.connectRan = ran;
    },
    opened({ connectionId }: FactOf<"connection.opened">): Line {
      const { from = "?", to: url, connectRan = "" } = handshakes.get(connectionId) ?? {};
      handshakes.delete(connectionId);
      const to = url === undefined ? "" : ` to ${excerpt(url, 60)}`;
      const details = paint.dim(`as ${connectionId}${connectRan === "" ? "" : ` · ${connectRan}`}`);
      const text = `${paint.green("connected")}${to} from ${from} ${details}`;
      return { weight: "story", connectionId, text };
    },
    refused({ connectionId, statusCode, because }: FactOf<"connection.refused">): Line {
      const handshake = handshakes.get(connectionId ?? "");
      handshakes.delete(connectionId ?? "");
      const from = handshake === undefined ? "" : ` from ${handshake.from}`;
      const [why = "", ...rest] = outputLines(inWords(because), false);
      const text = `${paint.red(`✗ refused with ${statusCode}`)}${from} because ${why}`;
      const below = rest.map((line) => `    ${line}`);
      return { weight: statusCode >= 500 ? "trouble" : "story", connectionId, text, below };
    },
    closed(fact: FactOf<"connection.closed">): Line {
      handshakes.delete(fact.connectionId);
      const text = printable(closing(fact));
      return { weight: "story", connectionId: fact.connectionId, text };
    },
  };
}
