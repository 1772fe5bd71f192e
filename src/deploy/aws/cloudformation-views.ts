import type {
  Change,
  DescribeChangeSetCommandOutput,
  StackResourceSummary,
} from "@aws-sdk/client-cloudformation";
import type { ChangedResource, ChangeSetView, StackResource } from "./stacks.ts";

/** Reads all pages of a change set. */
export async function readChangeSet(
  readPage: (token: string | undefined) => Promise<DescribeChangeSetCommandOutput>,
): Promise<ChangeSetView> {
  const first = await readPage(undefined);
  const changes = [...(first.Changes ?? [])];
  let token = first.NextToken;
  while (token !== undefined) {
    const page: DescribeChangeSetCommandOutput = await readPage(token);
    changes.push(...(page.Changes ?? []));
    token = page.NextToken;
  }
  return {
    status: first.Status ?? "",
    executionStatus: first.ExecutionStatus,
    reason: first.StatusReason,
    changes: changes.flatMap(changedResource),
  };
}

function changedResource({ ResourceChange }: Change): readonly ChangedResource[] {
  if (ResourceChange === undefined) return []; // hooks
  const { LogicalResourceId, PhysicalResourceId, ResourceType, Action, Replacement, Details } =
    ResourceChange;
  const names = (Details ?? []).flatMap(({ Target }) =>
    Target?.Attribute === "Properties" ? (Target.Name ?? []) : (Target?.Attribute ?? []),
  );
  return [
    {
      logicalId: LogicalResourceId ?? "",
      physicalId: PhysicalResourceId,
      type: ResourceType ?? "",
      action: Action ?? "",
      replacement: Replacement,
      details: [...new Set(names)],
    },
  ];
}

export function resourceView(resource: StackResourceSummary): StackResource {
  return {
    logicalId: resource.LogicalResourceId ?? "",
    physicalId: resource.PhysicalResourceId,
    type: resource.ResourceType ?? "",
    status: resource.ResourceStatus ?? "",
    reason: resource.ResourceStatusReason,
  };
}
