import { findHandlers, splitHandler } from "../../../../bundle/locate-handlers.ts";
import type { FunctionCode } from "../../environment-contract.ts";
import { type FunctionError, notRunnable } from "../../rules/function-errors.ts";
import type { Layers } from "../../rules/layers.ts";

/** A handler string and the code that it points to. */
type Handled = { readonly handler: string; readonly code: FunctionCode };

/**
 * The handler in this process's `_HANDLER`. Scripts that wrap a runtime put their own handler there, which
 * calls the function's.
 */
export function wrapperHandler(
  own: Handled & { readonly layers: Layers },
  environment: Readonly<Record<string, string | undefined>>,
): Handled | { readonly error: FunctionError } {
  const { _HANDLER: handler = own.handler, LAMBDA_TASK_ROOT: root = "" } = environment;
  if (handler === own.handler) return own;
  const { handlers, faults } = findHandlers(root, [{ name: "", handler, layers: own.layers }]);
  const [found] = handlers;
  if (found === undefined || found.language === "typescript") {
    const module = splitHandler(handler)?.module;
    const why = module === undefined ? "bad-handler" : "no-module";
    return { error: notRunnable({ kind: why, module: module ?? "" }, faults) };
  }
  const { file, exportPath, format } = found;
  return {
    handler,
    code: { ...own.code, file, source: file, exportPath, format, sourceMaps: false },
  };
}
