import type { LocalProject } from "../definition/local-project.ts";
import { mapValues } from "../values/map-values.ts";
import type { ServedApi } from "./apigateway/rules/served-api.ts";
import type { Code } from "./build-functions.ts";
import { hostsOf, servedApis } from "./host-table.ts";
import type { HostTable } from "./network/rules/hosts.ts";

/** The project that an emulator serves, with its functions' code: both change while it runs. */
export class ServedProject {
  /** Host names, which do not change while it is served. */
  readonly hosts: HostTable;
  readonly #root: string;
  #project: LocalProject;
  #code: Code;
  #apis: readonly [ServedApi, ...ServedApi[]];

  constructor(project: LocalProject, code: Code, root: string) {
    this.#root = root;
    this.#project = project;
    this.#code = code;
    this.#apis = servedApis(project, root);
    this.hosts = hostsOf(this.#apis, project.region);
  }

  get project(): LocalProject {
    return this.#project;
  }

  get code(): Code {
    return this.#code;
  }

  /** The default API is first. */
  get apis(): readonly [ServedApi, ...ServedApi[]] {
    return this.#apis;
  }

  /** Serves a changed project from now on, with the already served APIs in their order. */
  change(next: LocalProject, code: Code): void {
    const apis = mapValues(this.#project.apis, (api, key) => next.apis[key] ?? api);
    this.#project = { ...next, apis };
    this.#code = code;
    this.#apis = servedApis(this.#project, this.#root);
  }

  /** Uses other code for the same functions from now on. */
  run(code: Code): void {
    this.#code = code;
  }
}
