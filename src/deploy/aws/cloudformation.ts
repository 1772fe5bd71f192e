import type { StackEvent as SdkEvent, Stack } from "@aws-sdk/client-cloudformation";
import { CAPABILITIES } from "../rules/capabilities.ts";
import { type AwsError, unlessMissing } from "./aws-errors.ts";
import { readChangeSet, resourceView } from "./cloudformation-views.ts";
import { type Access, createService } from "./service.ts";
import {
  type ChangeSetRequest,
  PREVIOUS,
  type StackEvent,
  type StackResource,
  type Stacks,
  type StackView,
} from "./stacks.ts";

/** Calls CloudFormation. */
export function createStacks(access: Access): Stacks {
  const cloudFormation = createService("CloudFormation", access, async () => {
    const sdk = await import("./sdk/cloudformation.ts");
    return { sdk, client: new sdk.CloudFormationClient(access.settings) };
  });

  return {
    async describe(nameOrId) {
      const found = await unlessMissing(
        () => cloudFormation("DescribeStacks", { StackName: nameOrId }),
        isMissing,
      );
      const [stack] = found?.Stacks ?? [];
      return stack === undefined ? undefined : viewOf(stack);
    },

    async resources(nameOrId) {
      const all: StackResource[] = [];
      let token: string | undefined;
      do {
        const input = { StackName: nameOrId, NextToken: token };
        const page = await cloudFormation("ListStackResources", input);
        all.push(...(page.StackResourceSummaries ?? []).map(resourceView));
        token = page.NextToken;
      } while (token !== undefined);
      return all;
    },

    async template(nameOrId) {
      const input = { StackName: nameOrId, TemplateStage: "Original" } as const;
      const { TemplateBody } = await cloudFormation("GetTemplate", input);
      return TemplateBody ?? "";
    },

    async *events(nameOrId) {
      let token: string | undefined;
      do {
        const input = { StackName: nameOrId, NextToken: token };
        const page = await unlessMissing(
          () => cloudFormation("DescribeStackEvents", input),
          isMissing,
        );
        yield* (page?.StackEvents ?? []).map(eventOf);
        token = page?.NextToken;
      } while (token !== undefined);
    },

    async createChangeSet(request) {
      const { Id, StackId } = await cloudFormation("CreateChangeSet", changeSetInput(request));
      return { id: Id ?? request.name, stackId: StackId ?? request.stackName };
    },

    async describeChangeSet(id, stackName) {
      const input = { ChangeSetName: id, StackName: stackName };
      return readChangeSet((NextToken) =>
        cloudFormation("DescribeChangeSet", { ...input, NextToken }),
      );
    },

    async executeChangeSet(id, stackName, token) {
      const input = { ChangeSetName: id, StackName: stackName, ClientRequestToken: token };
      await cloudFormation("ExecuteChangeSet", input);
    },

    async deleteChangeSet(id, stackName) {
      const input = { ChangeSetName: id, StackName: stackName };
      await unlessMissing(
        () => cloudFormation("DeleteChangeSet", input),
        ({ code }) => code === "ChangeSetNotFound" || code === "ChangeSetNotFoundException",
      );
    },

    async deleteStack(nameOrId, { token, express }) {
      await cloudFormation("DeleteStack", {
        StackName: nameOrId,
        ClientRequestToken: token,
        ...(express ? { DeploymentConfig: { Mode: "EXPRESS" } } : {}),
      });
    },
  };
}

/** CloudFormation reports it as a validation error, distinguishable only by its message. */
function isMissing({ code, message }: AwsError): boolean {
  return code === "ValidationError" && /does not exist/.test(message);
}

function changeSetInput(request: ChangeSetRequest) {
  const { template } = request;
  return {
    StackName: request.stackName,
    ChangeSetName: request.name,
    ChangeSetType: request.kind,
    ...("url" in template ? { TemplateURL: template.url } : { TemplateBody: template.body }),
    Capabilities: [...CAPABILITIES],
    Parameters: Object.entries(request.parameters).map(([ParameterKey, value]) =>
      value === PREVIOUS
        ? { ParameterKey, UsePreviousValue: true }
        : { ParameterKey, ParameterValue: value },
    ),
    Tags: Object.entries(request.tags).map(([Key, Value]) => ({ Key, Value })),
    ...(request.express ? { DeploymentConfig: { Mode: "EXPRESS" as const } } : {}),
  };
}

function viewOf(stack: Stack): StackView {
  return {
    id: stack.StackId ?? "",
    name: stack.StackName ?? "",
    status: stack.StackStatus ?? "",
    reason: stack.StackStatusReason,
    createdAt: stack.CreationTime?.getTime() ?? 0,
    updatedAt: stack.LastUpdatedTime?.getTime(),
    parameters: (stack.Parameters ?? []).map(({ ParameterKey = "", ParameterValue = "" }) => ({
      key: ParameterKey,
      value: ParameterValue,
    })),
    tags: Object.fromEntries(
      (stack.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value] as const),
    ),
    outputs: (stack.Outputs ?? []).map(({ OutputKey = "", OutputValue = "", Description }) => ({
      key: OutputKey,
      value: OutputValue,
      description: Description,
    })),
  };
}

function eventOf(event: SdkEvent): StackEvent {
  return {
    id: event.EventId ?? "",
    stackId: event.StackId ?? "",
    stackName: event.StackName ?? "",
    logicalId: event.LogicalResourceId ?? "",
    physicalId: event.PhysicalResourceId,
    type: event.ResourceType ?? "",
    status: event.ResourceStatus ?? "",
    reason: event.ResourceStatusReason,
    at: event.Timestamp?.getTime() ?? 0,
    token: event.ClientRequestToken,
  };
}
