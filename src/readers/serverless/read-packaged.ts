import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { regionFor } from "../../definition/region.ts";
import { Origins } from "../cloudformation/rules/origins.ts";
import type { Finding } from "../cloudformation/rules/report.ts";
import { objectOf } from "../cloudformation/rules/tree.ts";
import { parseDocument } from "../cloudformation/template-file.ts";
import type { Packaged } from "./current-package.ts";
import { PackagedCode } from "./packaged-code.ts";
import { parametersOf, type ReadService, type ServiceOptions, writtenAs } from "./read-service.ts";
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
  const template = code.localTemplate(objectOf(parsed), origins);
  return {
    stackName: service?.stackName ?? "service-dev",
    region: regionFor(region ?? given.region, service?.region, {}),
    parameters: parametersOf(template, given),
    remarks: [remark],
    written: writtenAs(origins, inputs, findings, () => template),
  };
}
