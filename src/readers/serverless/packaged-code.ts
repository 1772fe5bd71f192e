import { basename, join, relative } from "node:path";
import { fieldOf } from "../../values/json.ts";
import { hasHandler } from "../cloudformation/local-code.ts";
import type { JsonObject, Origins } from "../cloudformation/rules/origins.ts";
import { objectOf } from "../cloudformation/rules/tree.ts";
import { bundling } from "./rules/esbuild-settings.ts";
import { pluginsIn } from "./rules/plugins.ts";
import { textOr, withResources } from "./rules/written.ts";

/** The code of a packaged service: in the service, else in its zip file. */
export class PackagedCode {
  readonly #root: string;
  readonly #zips: string;
  readonly #bundling: JsonObject | undefined;

  constructor(root: string, zips: string, service: unknown) {
    this.#root = root;
    this.#zips = zips;
    const plugins = pluginsIn(fieldOf(service, "plugins"));
    this.#bundling = bundling({
      plugins,
      custom: objectOf(fieldOf(service, "custom")),
      build: objectOf(fieldOf(service, "build")),
    });
  }

  localTemplate(template: JsonObject, origins: Origins): JsonObject {
    return withResources(template, origins, (resource) => this.#local(resource, origins));
  }

  #local(resource: JsonObject, origins: Origins): JsonObject {
    const properties = objectOf(resource.Properties);
    const name = resource.Type === "AWS::Lambda::LayerVersion" ? "Content" : "Code";
    const key = objectOf(properties[name]).S3Key;
    if (typeof key !== "string") return resource;
    const isOwn =
      name === "Code" &&
      hasHandler(this.#root, textOr(properties.Handler, ""), textOr(properties.Runtime, ""));
    const code = isOwn ? "." : relative(this.#root, join(this.#zips, basename(key)));
    return {
      ...resource,
      ...(isOwn && this.#bundling !== undefined && { Metadata: this.#bundling }),
      Properties: origins.inherit({ ...properties, [name]: code }, properties),
    };
  }
}
