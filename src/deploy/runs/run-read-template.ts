import { WsgwError } from "../../errors.ts";
import type { Template } from "../template.ts";

/** The template of a deployed stack. Throws STACK_NOT_FOUND for one that wsgw has not made. */
export function readDeployedTemplate(stackName: string, text: string): Template {
  if (text === "") return { Resources: {} }; // some servers keep none
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `The template of the stack ${stackName} is not JSON, so it is not one of wsgw's.`;
    throw new WsgwError("STACK_NOT_FOUND", message, { cause });
  }
}
