import { sub } from "../../readers/cloudformation/rules/write-intrinsics.ts";
import type { Resource } from "./model.ts";

/** A log group, which the stack deletes with its resources. */
export function logGroup(name: string, RetentionInDays: number): Resource {
  return {
    Type: "AWS::Logs::LogGroup",
    DeletionPolicy: "Delete",
    UpdateReplacePolicy: "Delete",
    Properties: { LogGroupName: sub(name), RetentionInDays },
  };
}
