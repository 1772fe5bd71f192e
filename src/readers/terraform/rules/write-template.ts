import type { Json, JsonObject, Origin, Origins } from "../../cloudformation/rules/origins.ts";
import type { Report } from "../../cloudformation/rules/report.ts";
import { HclFault } from "./hcl-syntax.ts";
import { hiddenPolicy } from "./policy-document.ts";
import { type CodeOf, GATHERED, MAPPINGS, type Resources } from "./resource-mappings.ts";
import { ValueFault } from "./values.ts";
import { jsonOf, type WrittenResource } from "./written-resource.ts";

/** The resources of a project as a CloudFormation template. */
export function writeTemplate(
  resources: readonly WrittenResource[],
  codeOf: CodeOf,
  { origins, report }: { readonly origins: Origins; readonly report: Report },
): JsonObject {
  const managed = resources.filter(({ isData }) => !isData);
  const all: Resources = (type) => managed.filter((each) => each.type === type);
  const written = managed
    .filter(({ type }) => !GATHERED.has(type))
    .map(
      (resource) =>
        [
          resource.key,
          new ResourceWriter(resource, { all, codeOf }, origins, report).write(),
        ] as const,
    );
  return { Resources: Object.fromEntries(written) };
}

class ResourceWriter {
  readonly #resource: WrittenResource;
  readonly #surroundings: { readonly all: Resources; readonly codeOf: CodeOf };
  readonly #origins: Origins;
  readonly #report: Report;

  constructor(
    resource: WrittenResource,
    surroundings: { readonly all: Resources; readonly codeOf: CodeOf },
    origins: Origins,
    report: Report,
  ) {
    this.#resource = resource;
    this.#surroundings = surroundings;
    this.#origins = origins;
    this.#report = report;
  }

  write(): JsonObject {
    const { type } = this.#resource;
    const mapping = Object.hasOwn(MAPPINGS, type) ? MAPPINGS[type] : undefined;
    const places = new Map<string, Origin>();
    const properties: Record<string, Json> = {};
    for (const [property, from] of Object.entries(mapping?.properties ?? {})) {
      const attribute = typeof from === "string" ? from : from[0];
      const origin = this.#resource.origin(attribute);
      if (origin !== undefined) places.set(property, origin);
      const failed = property === "PolicyDocument" ? hiddenPolicy("faulty") : undefined;
      const value = this.#valueOf(attribute, failed, () =>
        typeof from === "string"
          ? jsonOf(this.#resource.written(from))
          : from[1](this.#resource, this.#surroundings),
      );
      if (value !== undefined && value !== null && !isEmpty(value)) properties[property] = value;
    }
    const written = { Type: mapping?.type ?? type, Properties: properties };
    const whole = this.#resource.origin();
    if (whole !== undefined) {
      this.#origins.note(written, whole);
      this.#origins.note(properties, whole, places);
    }
    return written;
  }

  /** Errors in roles never prevent a project from being served. */
  #valueOf(
    attribute: string,
    failed: Json | undefined,
    find: () => Json | undefined,
  ): Json | undefined {
    try {
      return find();
    } catch (error) {
      const severity = this.#resource.type.startsWith("aws_iam_") ? "warning" : "error";
      const origin = this.#resource.origin(attribute);
      if (error instanceof HclFault) {
        const { file, place } = error;
        const at = origin && { ...origin, ...place, ...(file !== undefined && { file }) };
        this.#report({ severity, origin: at, problem: error.message });
      } else if (error instanceof ValueFault) {
        this.#report({ severity, origin, problem: error.message });
      } else throw error;
      return failed;
    }
  }
}

/** Absent blocks create no property. */
function isEmpty(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
