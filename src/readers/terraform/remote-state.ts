import { resolve } from "node:path";
import { fieldOf, parseJson } from "../../values/json.ts";
import type { WritingTools } from "../cloudformation/read-template.ts";
import { Attributed, ELSEWHERE, isEntries, textOf, type Value } from "./rules/values.ts";
import type { WrittenResource } from "./rules/written-resource.ts";

type StateTools = Pick<WritingTools, "inputs" | "report"> & {
  /** The project's directory. */
  readonly root: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly read: (file: string) => Buffer | undefined;
};

/** The outputs of `terraform_remote_state`. */
export class RemoteStates {
  readonly #tools: StateTools;
  /** By the addresses of their data sources. */
  readonly #outputs = new Map<string, Attributed>();

  constructor(tools: StateTools) {
    this.#tools = tools;
  }

  outputs(data: WrittenResource): Attributed {
    const known = this.#outputs.get(data.address) ?? this.#outputsOf(data);
    this.#outputs.set(data.address, known);
    return known;
  }

  /**
   * A value comes from the command line or a state on this disk; otherwise it has a default or stays open.
   */
  #outputsOf(data: WrittenResource): Attributed {
    const kept = this.#outputsOnDisk(data);
    return new Outputs(`${data.address}.outputs`, (name, label) => {
      const given = this.#tools.parameters[label];
      if (given !== undefined) return objectOr(given);
      const output = fieldOf(kept, name);
      if (output !== undefined) return fieldOf(output, "value") as Value;
      const defaults = data.written("defaults");
      if (isEntries(defaults) && Object.hasOwn(defaults, name)) return defaults[name];
      const problem = `${label} is in the state of another project, which wsgw does not read. Set its value with --parameter-overrides "${label}=VALUE".`;
      this.#tools.report({ severity: "warning", origin: data.origin(), problem });
      return `${ELSEWHERE}${label}}}`;
    });
  }

  /** The outputs of a state in a file of the backend `local`. */
  #outputsOnDisk(data: WrittenResource): unknown {
    const config = data.written("config");
    if (data.written("backend") !== "local" || !isEntries(config)) return undefined;
    const { root, inputs, read } = this.#tools;
    const file = resolve(root, textOf(config.path ?? "terraform.tfstate"));
    inputs.add(file);
    return fieldOf(parseJson(read(file)?.toString("utf8") ?? "")?.value, "outputs");
  }
}

/** An object or a list given as JSON; any other string unchanged. */
function objectOr(given: string): Value {
  return /^[[{]/.test(given) ? ((parseJson(given)?.value ?? given) as Value) : given;
}

/** Values by name, each evaluated once. */
class Outputs extends Attributed {
  readonly label: string;
  readonly #known = new Map<string, Value | undefined>();
  readonly #look: (name: string, label: string) => Value | undefined;

  constructor(label: string, look: (name: string, label: string) => Value | undefined) {
    super();
    this.label = label;
    this.#look = look;
  }

  attribute(name: string): Value | undefined {
    if (!this.#known.has(name)) this.#known.set(name, this.#look(name, `${this.label}.${name}`));
    return this.#known.get(name);
  }

  names(): readonly string[] {
    return [...this.#known.keys()];
  }
}
