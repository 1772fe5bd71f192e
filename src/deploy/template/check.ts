import { checkReferences } from "./check-references.ts";
import { checkSize } from "./check-size.ts";
import { checkWebSocket } from "./check-websocket.ts";
import { fault, type TemplateFault } from "./faults.ts";
import type { Template } from "./model.ts";

/**
 * Finds unresolved references, WebSocket APIs that would deploy and not answer, and oversized templates,
 * before anything is sent. AWS checks the rest: properties and their values, permissions, quotas of the
 * account, existing names.
 */
export function checkTemplate(template: Template): readonly TemplateFault[] {
  return [
    ...checkSize(template),
    ...checkNames(template),
    ...checkReferences(template),
    ...checkWebSocket(template),
  ];
}

function checkNames(template: Template): readonly TemplateFault[] {
  const names = (["Resources", "Parameters", "Outputs"] as const).flatMap((section) =>
    Object.keys(template[section] ?? {}),
  );
  return names
    .filter((name) => !/^[A-Za-z0-9]{1,255}$/.test(name))
    .map((name) => fault(name, "", "the name must consist of at most 255 letters and digits."));
}
