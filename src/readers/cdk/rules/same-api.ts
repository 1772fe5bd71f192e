import type { JsonObject, Origins } from "../../cloudformation/rules/origins.ts";
import type { Report } from "../../cloudformation/rules/report.ts";
import { isObject, objectOf } from "../../cloudformation/rules/tree.ts";

/** Rejects the same API in two stacks: usually they are two stages, of which the user must select one. */
export class SameApi {
  /** The stack of each API, by the API's name. */
  readonly #stacks = new Map<string, string>();

  check(
    template: JsonObject,
    stackName: string,
    { origins, report }: { readonly origins: Origins; readonly report: Report },
  ): void {
    for (const [name, properties] of apisIn(template)) {
      const other = this.#stacks.get(name);
      this.#stacks.set(name, other ?? stackName);
      if (other === undefined || other === stackName) continue;
      const problem = `the stacks ${other} and ${stackName} both have the API ${name}. Choose one: --stack-name ${stackName}`;
      report({ severity: "error", origin: origins.of(properties, "Name"), problem });
    }
  }
}

/** The names of the WebSocket APIs in a template, with their resources. */
function apisIn({ Resources: resources }: JsonObject): readonly (readonly [string, JsonObject])[] {
  return Object.values(objectOf(resources)).flatMap((resource) => {
    const properties = isObject(resource) ? resource.Properties : undefined;
    if (!isObject(properties) || properties.ProtocolType !== "WEBSOCKET") return [];
    return [[JSON.stringify(properties.Name), properties] as const];
  });
}
