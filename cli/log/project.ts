import { outputLines, printable } from "../terminal/control-characters.ts";
import type { FactOf, Line, Pen } from "./line.ts";

/** Describes changes of the project while it runs. */
export function createProjectTeller({ paint }: Pen) {
  return {
    reloaded({ file, functionNames }: FactOf<"code.reloaded">): Line {
      const what = functionNames.length === 0 ? "" : `: ${functionNames.join(", ")}`;
      return { weight: "story", text: `${paint.green("↻")} ${file} changed and is live${what}` };
    },
    debuggable({ functionName, port }: FactOf<"debugger.listening">): Line {
      const where = paint.cyan(`127.0.0.1:${port}`);
      return {
        weight: "story",
        text: `${paint.green("◉")} ${functionName} waits for a debugger at ${where}`,
      };
    },
    broken({ message, hint }: FactOf<"project.broken">): Line {
      const [first = "", ...rest] = outputLines(message, false);
      const below = [...rest, ...outputLines(hint, false).map((line) => paint.dim(line))];
      return {
        weight: "trouble",
        text: `${paint.red("✗")} ${first}`,
        below: below.map((line) => `  ${line}`),
      };
    },
    changed({ file, needsRestart }: FactOf<"project.changed">): Line {
      if (needsRestart.length === 0) {
        return { weight: "story", text: `${paint.green("↻")} ${file} changed and is live` };
      }
      const text = `${file} changed: restart wsgw dev to apply ${needsRestart.join(", ")}`;
      return { weight: "trouble", text: `${paint.yellow("!")} ${text}` };
    },
    injected({ fault, functionName, connectionId }: FactOf<"fault.injected">): Line {
      const whom = functionName === undefined ? "" : paint.dim(` · ${functionName}`);
      const text = `  ${paint.yellow("⚡")} fault ${fault}${whom}`;
      return { weight: "trouble", connectionId, text };
    },
    unused({ fault }: FactOf<"fault.unused">): Line {
      const text = `fault ${fault} did not occur before the gateway stopped`;
      return { weight: "trouble", text: `${paint.yellow("!")} ${text}` };
    },
    warned({ message }: FactOf<"warning">): Line {
      return { weight: "trouble", text: `${paint.yellow("!")} ${printable(message)}` };
    },
  };
}
