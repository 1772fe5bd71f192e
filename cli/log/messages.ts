import { outputLines, printable } from "../terminal/control-characters.ts";
import { formatDuration } from "../terminal/duration.ts";
import type { FactOf, Line, Pen } from "./line.ts";
import type { TerminalLogOptions } from "./options.ts";
import { inWords, whyRoute } from "./phrases.ts";

/** Describes what happens to messages. `>` and `<` are from the client's view, as in `wsgw send`. */
export function createMessageTeller(
  { paint, excerpt }: Pen,
  { project }: Pick<TerminalLogOptions, "project">,
) {
  /** The connection that received the newest error frame. The next line shows its cause. */
  let failing: string | undefined;

  return {
    logged({ type, connectionId, line }: FactOf<"access.logged" | "execution.logged">): Line {
      const log = type === "access.logged" ? "access" : "execution";
      return { weight: "story", connectionId, text: `${paint.dim(log)} ${printable(line)}` };
    },
    received({ connectionId, text }: FactOf<"message.received">): Line {
      return { weight: "story", connectionId, text: `${paint.bold(">")} ${excerpt(text, 2)}` };
    },
    routed({ connectionId, api, selection }: FactOf<"route.selected">): Line {
      const because = `because ${printable(whyRoute(selection, project().apis[api]?.routeSelectionExpression ?? ""))}`;
      if (selection.kind === "none") {
        const text = `  ${paint.red("✗ no route")} ${because}, and the API has no $default`;
        return { weight: "trouble", connectionId, text };
      }
      const why = selection.because === "matched" ? paint.dim(because) : because;
      const text = `  → ${paint.bold(printable(selection.routeKey))} ${why}`;
      return { weight: "story", connectionId, text };
    },
    /** The end of a route's integration call. If it failed, the line about the message also shows why. */
    integrated(fact: FactOf<"integration.answered">): Line {
      const { connectionId, target, outcome, isRecorded, durationMs } = fact;
      const time = paint.dim(` in ${formatDuration(durationMs)}`);
      if (outcome.kind !== "answered") {
        const why =
          outcome.kind === "failed" ? `failed: ${printable(outcome.because)}` : "timed out";
        return {
          weight: "detail",
          connectionId,
          text: `  ${paint.red(`✗ ${target} ${why}`)}${time}`,
        };
      }
      const { statusCode, body } = outcome;
      const isError = statusCode >= 400;
      const [service = ""] = target.split(" ");
      const note = isRecorded
        ? ` · only recorded. To answer it, add endpoints: { ${service}: "http://localhost:4566" } to the definition`
        : "";
      const call = `${target} answered ${statusCode}`;
      const shown = isError && body !== "" ? ` ${excerpt(body, call.length + 3)}` : "";
      const mark = isError ? paint.red(`✗ ${call}`) : call;
      const text = `  ${mark}${shown}${time}${paint.dim(note)}`;
      return { weight: isError ? "trouble" : "story", connectionId, text };
    },
    /**
     * Why the line above is an error; undefined if other lines have shown it: a handler's failure or a
     * missing route.
     */
    answered(fact: FactOf<"message.answered">, handlerFailed: boolean): Line | undefined {
      const { connectionId, answer, routeKey, because } = fact;
      if (answer !== "error" || handlerFailed || routeKey === undefined) return undefined;
      const [why = "", ...rest] = outputLines(inWords(because), false);
      const below = rest.map((line) => `    ${line}`);
      const hasLeft = failing !== connectionId;
      const text = hasLeft
        ? `${paint.red("✗ error after the client left")} because ${why}`
        : `  because ${why}`;
      return { weight: "trouble", connectionId, text: `  ${text}`, below };
    },
    sent({ connectionId, text, cause }: FactOf<"frame.sent">): Line {
      const arrow = paint.bold("<");
      switch (cause) {
        case "post":
          return { weight: "story", connectionId, text: `${arrow} ${excerpt(text, 2)}` };
        case "error":
          failing = connectionId;
          return { weight: "trouble", connectionId, text: paint.red(`! ${excerpt(text, 2)}`) };
        case "reply": {
          const note = " · response of the route";
          const body = text === "" ? paint.dim("(empty)") : excerpt(text, 2 + note.length);
          const shown = `${arrow} ${body}${paint.dim(note)}`;
          return { weight: "story", connectionId, text: shown };
        }
        default:
          return cause satisfies never;
      }
    },
  };
}
