import { type JsonObject, Origins } from "../../../src/readers/cloudformation/rules/origins.ts";
import type { Finding } from "../../../src/readers/cloudformation/rules/report.ts";
import { parseTemplate } from "../../../src/readers/cloudformation/template-file.ts";
import { expandSam } from "../../../src/readers/sam/rules/expand.ts";

/** A template in YAML, expanded, and what was found. */
export function expanded(text: string) {
  const origins = new Origins();
  const findings: Finding[] = [];
  const report = (finding: Finding): void => void findings.push(finding);
  const read = parseTemplate(text, "/template.yaml", origins, report);
  const template = expandSam(read ?? {}, { origins, report });
  const resources = template.Resources as Readonly<Record<string, JsonObject>>;
  return {
    template,
    resources,
    /** `line:column severity problem`, in the order in which they were found. */
    findings: findings.map(
      ({ origin, severity, problem }) =>
        `${origin?.line}:${origin?.column} ${severity}: ${problem}`,
    ),
    /** The line of a property of a resource. */
    line: (id: string, property: string) => origins.of(resources[id]?.Properties, property)?.line,
    /** The keys that lead to a property of a resource in the file. */
    path: (id: string, property: string) => origins.of(resources[id]?.Properties, property)?.path,
    propertiesOf: (id: string) => resources[id]?.Properties as JsonObject,
  };
}
