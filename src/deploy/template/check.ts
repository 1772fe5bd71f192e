import { TEMPLATE_LIMITS } from "../rules/template-limits.ts";
import { checkReferences } from "./check-references.ts";
import { checkWebSocket } from "./check-websocket.ts";
import { fault, type TemplateFault } from "./faults.ts";
import type { Template } from "./model.ts";
import { renderTemplate } from "./render.ts";

export type { TemplateFault } from "./faults.ts";

/**
 * Finds references that lead nowhere, WebSocket APIs that would deploy and then not answer, and templates that
 * are too large, before anything leaves the machine. AWS checks the rest: properties and their values,
 * permissions, quotas of the account, names in use.
 */
export function checkTemplate(template: Template): readonly TemplateFault[] {
  return [
    ...checkSize(template),
    ...checkNames(template),
    ...checkReferences(template),
    ...checkWebSocket(template),
  ];
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const LIMITS = { Resources: 500, Parameters: 200, Outputs: 200 } as const;

function checkSize(template: Template): readonly TemplateFault[] {
  const counts = (["Resources", "Parameters", "Outputs"] as const).flatMap((section) => {
    const count = Object.keys(template[section] ?? {}).length;
    if (count <= LIMITS[section]) return [];
    const most = `more than the ${LIMITS[section]} that a template may have; split the API.`;
    return [fault("", section, `${count} are ${most}`)];
  });
  const bytes = Buffer.byteLength(renderTemplate(template));
  const most = TEMPLATE_LIMITS.urlBytes;
  return bytes <= most
    ? counts
    : [...counts, fault("", "", `The template's ${bytes} bytes are more than ${most}.`)];
}

function checkNames(template: Template): readonly TemplateFault[] {
  const names = (["Resources", "Parameters", "Outputs"] as const).flatMap((section) =>
    Object.keys(template[section] ?? {}),
  );
  return names
    .filter((name) => !/^[A-Za-z0-9]{1,255}$/.test(name))
    .map((name) => fault(name, "", "the name is not made of letters and digits, 255 at most."));
}
