import { checkReferences } from "./check-references.ts";
import { checkWebSocket } from "./check-websocket.ts";
import { fault, type TemplateFault } from "./faults.ts";
import type { Template } from "./model.ts";
import { renderTemplate } from "./render.ts";

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

/**
 * Maximum entries by section, and maximum bytes; a megabyte counts as a million bytes, the smaller value.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const LIMITS = { Resources: 500, Parameters: 200, Outputs: 200 } as const;
const MOST_BYTES = 1_000_000;

function checkSize(template: Template): readonly TemplateFault[] {
  const counts = (["Resources", "Parameters", "Outputs"] as const).flatMap((section) => {
    const count = Object.keys(template[section] ?? {}).length;
    if (count <= LIMITS[section]) return [];
    const most = `more than the ${LIMITS[section]} that a template may have. Split the API.`;
    return [fault("", section, `${count} are ${most}`)];
  });
  const bytes = Buffer.byteLength(renderTemplate(template));
  return bytes <= MOST_BYTES
    ? counts
    : [
        ...counts,
        fault("", "", `The template's ${bytes} bytes exceed the limit of ${MOST_BYTES}.`),
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
