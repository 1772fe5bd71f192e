import { type Origin, Origins } from "../../../../src/readers/cloudformation/rules/origins.ts";
import { TemplatePlaces } from "../../../../src/readers/cloudformation/rules/places.ts";
import type { Finding } from "../../../../src/readers/cloudformation/rules/report.ts";
import { type Resource, Stack } from "../../../../src/readers/cloudformation/rules/stack.ts";
import { parseTemplate } from "../../../../src/readers/cloudformation/template-file.ts";

/** Keeps what was noted: `tables.Rooms.name` has the origin `Rooms.Properties.TableName`. */
class NotedPlaces extends TemplatePlaces {
  readonly noted: Record<string, string> = {};

  override note(path: readonly (string | number)[], origin: Origin | undefined): void {
    super.note(path, origin);
    this.noted[path.join(".")] = originIn(origin);
  }
}

/** Where an origin is in `Resources`. */
export function originIn(origin: Origin | undefined): string {
  return origin?.path.slice(1).join(".") ?? "nowhere";
}

/** The stack `chat` of a template's `Resources`, with a record of what is noted and reported about it. */
export function stackOf(yaml: string): {
  readonly resources: readonly Resource[];
  readonly resource: (key: string) => Resource;
  readonly origins: Origins;
  readonly places: TemplatePlaces;
  readonly noted: Readonly<Record<string, string>>;
  readonly report: (finding: Finding) => void;
  /** Each as `error at PLACE: PROBLEM`. */
  readonly reported: readonly string[];
  readonly madeUp: ReadonlySet<string>;
} {
  const origins = new Origins();
  const places = new NotedPlaces();
  const reported: string[] = [];
  const report = ({ severity, origin, problem }: Finding): void => {
    reported.push(`${severity} at ${originIn(origin)}: ${problem}`);
  };
  const madeUp = new Set<string>();
  const sections = parseTemplate(`Resources:\n${yaml}`, "/chat/template.yaml", origins, report);
  const place = {
    stackName: "chat",
    region: "eu-west-1",
    accountId: "123456789012",
    apiIdOf: (name: string) => `id-of-${name}`,
  };
  const parts = { origins, report, given: {}, madeUp, nested: () => undefined };
  const stack = new Stack({ file: "/chat/template.yaml", sections: sections ?? {} }, place, parts);
  const resources = stack.all();
  return {
    resources,
    resource: (key) => {
      const found = resources.find((each) => each.key === key);
      if (found === undefined) throw new Error(`The template has no resource ${key}.`);
      return found;
    },
    origins,
    places,
    noted: places.noted,
    report,
    reported,
    madeUp,
  };
}
