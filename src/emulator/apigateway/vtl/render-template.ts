import { createContext, runInContext } from "node:vm";
import { errorCode } from "../../../errors/error-code.ts";
import { evaluateTemplate } from "./rules/evaluate-template.ts";
import { parseTemplate } from "./rules/parse-template.ts";
import { type ParsedTemplate, TemplateFault } from "./rules/syntax.ts";
import { MOST_MS } from "./rules/template-limits.ts";
import { type TemplateScope, templateVariables } from "./rules/template-variables.ts";

export type { TemplateScope } from "./rules/template-variables.ts";

/** The result of rendering a mapping template. */
export type RenderedTemplate =
  | { readonly kind: "rendered"; readonly text: string }
  | ({ readonly kind: "failed" } & FaultOfTemplate);

/** An error in a template and its position; lines and columns begin with 1. */
export type FaultOfTemplate = {
  /** A sentence without its full stop. */
  readonly problem: string;
  readonly line: number;
  readonly column: number;
  /** The value in question, shortened. */
  readonly value?: string;
};

export type CompiledTemplate = {
  /** A syntax error, which rendering also returns. */
  readonly fault: FaultOfTemplate | undefined;
  render(scope: TemplateScope): RenderedTemplate;
};

/**
 * Compiles a mapping template: VTL as Velocity 1.7 reads it. Never throws: rendering returns the error. Rendering stops
 * after `mostMs`.
 */
export function compileTemplate(source: string, mostMs: number = MOST_MS): CompiledTemplate {
  const parsed = attempt(source, () => parseTemplate(source));
  if (isFault(parsed)) {
    return { fault: parsed, render: () => ({ kind: "failed", ...parsed }) };
  }
  const mayTakeLong = source.length > LONG || MAY_TAKE_LONG.test(source);
  return {
    fault: undefined,
    render: (scope) => {
      const text = attempt(source, () => {
        const roots = templateVariables(scope);
        if (!mayTakeLong) return evaluateTemplate(parsed, roots);
        return inTime(mostMs, (place) => evaluateTemplate(parsed, roots, { place }));
      });
      return typeof text === "string" ? { kind: "rendered", text } : { kind: "failed", ...text };
    },
  };
}

/** Constructs that can make a template slow: loops, calls, expressions and deep paths. */
const MAY_TAKE_LONG = /#\{?(?:foreach|macro|define|evaluate)|\.(?:replace|matches|split)|=~|\.\./;
const LONG = 4096;

/** Created on first use: most programs render no template. */
let slot: { run?: () => unknown } | undefined;

/** Aborts a slow run, even within a regular expression. Watching costs 0.1 ms. */
function inTime(mostMs: number, run: (place: { offset: number }) => string): string {
  slot ??= createContext({});
  const place = { offset: 0 };
  slot.run = () => run(place);
  try {
    return runInContext("run()", slot, { timeout: mostMs });
  } catch (error) {
    if (errorCode(error) !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    const problem = `the template takes more than ${mostMs / 1000} seconds`;
    throw new TemplateFault(problem, place.offset);
  } finally {
    delete slot.run;
  }
}

function isFault(parsed: ParsedTemplate | FaultOfTemplate): parsed is FaultOfTemplate {
  return "problem" in parsed;
}

function attempt<T>(source: string, run: () => T): T | FaultOfTemplate {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error;
    const before = source.slice(0, error.offset).split(/\r\n|\n|\r/);
    return {
      problem: error.message,
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
      ...(error.value !== undefined && { value: error.value }),
    };
  }
}
