import { readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { regionFor } from "../../definition/region.ts";
import { fieldOf } from "../../values/json.ts";
import { hasHandler } from "../cloudformation/local-code.ts";
import { type Json, type JsonObject, Origins } from "../cloudformation/rules/origins.ts";
import type { Finding } from "../cloudformation/rules/report.ts";
import { parseDocument } from "../cloudformation/template-file.ts";
import type { Packaged } from "./current-package.ts";
import { parametersOf, type ReadService, type ServiceOptions, writtenAs } from "./read-service.ts";
import { bundling } from "./rules/esbuild-settings.ts";
import { pluginsIn } from "./rules/plugins.ts";
import { mapOf, textOr, withResources } from "./rules/written.ts";
import { packagedService } from "./serverless-state.ts";

/**
 * Reads a service from the template that Serverless created. Its code runs from its sources, so changes take
 * effect.
 */
export function readPackaged(
  { template: file, remark }: Extract<Packaged, { readonly kind: "packaged" }>,
  inputs: Iterable<string>,
  { file: serviceFile, given, region }: ServiceOptions,
): ReadService {
  const origins = new Origins();
  const findings: Finding[] = [];
  const service = packagedService(file);
  const parsed = parseDocument(readFileSync(file, "utf8"), file, origins, (finding) => {
    findings.push(finding);
  });
  const code = new PackagedCode(dirname(serviceFile), dirname(file), service?.service);
  const template = code.localTemplate(mapOf(parsed), origins);
  return {
    stackName: service?.stackName ?? "service-dev",
    region: regionFor(region ?? given.region, service?.region, {}),
    parameters: parametersOf(template, given),
    remarks: [remark],
    written: writtenAs(origins, inputs, findings, () => template),
  };
}

/** The code of a packaged service: in the service, else in its zip file. */
class PackagedCode {
  readonly #root: string;
  readonly #zips: string;
  readonly #bundling: JsonObject | undefined;

  constructor(root: string, zips: string, service: unknown) {
    this.#root = root;
    this.#zips = zips;
    const plugins = pluginsIn(fieldOf(service, "plugins"));
    const [custom, build] = [fieldOf(service, "custom"), fieldOf(service, "build")] as Json[];
    this.#bundling = bundling({ plugins, custom: mapOf(custom), build: mapOf(build) });
  }

  localTemplate(template: JsonObject, origins: Origins): JsonObject {
    return withResources(template, origins, (resource) => this.#local(resource, origins));
  }

  #local(resource: JsonObject, origins: Origins): JsonObject {
    const properties = mapOf(resource.Properties);
    const name = resource.Type === "AWS::Lambda::LayerVersion" ? "Content" : "Code";
    const key = mapOf(properties[name]).S3Key;
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
