import { fault, type TemplateFault } from "./faults.ts";
import type { Template } from "./model.ts";
import { renderTemplate } from "./render.ts";

/**
 * Maximum entries by section, and maximum bytes; a megabyte counts as a million bytes, the smaller value.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const LIMITS = { Resources: 500, Parameters: 200, Outputs: 200 } as const;
const MOST_BYTES = 1_000_000;

/** Finds sections with too many entries, and a template that is too large. */
export function checkSize(template: Template): readonly TemplateFault[] {
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
