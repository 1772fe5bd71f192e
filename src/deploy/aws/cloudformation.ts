import type { StackEvent as SdkEvent, Stack } from "@aws-sdk/client-cloudformation";
import {
  type ChangeSetRequest,
  PREVIOUS,
  type Refusal,
  type StackEvent,
  type Stacks,
  type StackView,
} from "../ports.ts";
import { calling, unlessMissing } from "./aws-errors.ts";
import { readChangeSet, resourceView } from "./cloudformation-views.ts";
import type { ClientSettings } from "./connect.ts";

const SERVICE = "CloudFormation";

/** Speaks to CloudFormation. */
export function createStacks(settings: ClientSettings): Stacks {
  let opened: ReturnType<typeof open> | undefined;
  async function open() {
    const sdk = await import("./sdk/cloudformation.ts");
    return { sdk, client: new sdk.CloudFormationClient(settings) };
  }
  const access = () => {
    opened ??= open();
    return opened;
  };

  return {
    async describe(nameOrId) {
      const { sdk, client } = await access();
      const command = new sdk.DescribeStacksCommand({ StackName: nameOrId });
      const found = await unlessMissing(
        () => calling(SERVICE, "DescribeStacks", () => client.send(command)),
        isMissing,
      );
      const [stack] = found?.Stacks ?? [];
      return stack === undefined ? undefined : viewOf(stack);
    },

    async resources(nameOrId) {
      const { sdk, client } = await access();
      const all: Awaited<ReturnType<Stacks["resources"]>>[number][] = [];
      let token: string | undefined;
      do {
        const command = new sdk.ListStackResourcesCommand({
          StackName: nameOrId,
          NextToken: token,
        });
        const page = await calling(SERVICE, "ListStackResources", () => client.send(command));
        all.push(...(page.StackResourceSummaries ?? []).map(resourceView));
        token = page.NextToken;
      } while (token !== undefined);
      return all;
    },

    async template(nameOrId) {
      const { sdk, client } = await access();
      const command = new sdk.GetTemplateCommand({
        StackName: nameOrId,
        TemplateStage: "Original",
      });
      const { TemplateBody } = await calling(SERVICE, "GetTemplate", () => client.send(command));
      return TemplateBody ?? "";
    },

    async *events(nameOrId) {
      const { sdk, client } = await access();
      let token: string | undefined;
      do {
        const command = new sdk.DescribeStackEventsCommand({
          StackName: nameOrId,
          NextToken: token,
        });
        const page = await unlessMissing(
          () => calling(SERVICE, "DescribeStackEvents", () => client.send(command)),
          isMissing,
        );
        yield* (page?.StackEvents ?? []).map(eventOf);
        token = page?.NextToken;
      } while (token !== undefined);
    },

    async createChangeSet(request) {
      const { sdk, client } = await access();
      const command = new sdk.CreateChangeSetCommand(changeSetInput(request));
      const { Id, StackId } = await calling(SERVICE, "CreateChangeSet", () => client.send(command));
      return { id: Id ?? request.name, stackId: StackId ?? request.stackName };
    },

    async describeChangeSet(id, stackName) {
      const { sdk, client } = await access();
      return readChangeSet((NextToken) =>
        calling(SERVICE, "DescribeChangeSet", () =>
          client.send(
            new sdk.DescribeChangeSetCommand({
              ChangeSetName: id,
              StackName: stackName,
              NextToken,
            }),
          ),
        ),
      );
    },

    async executeChangeSet(id, stackName, token) {
      const { sdk, client } = await access();
      const command = new sdk.ExecuteChangeSetCommand({
        ChangeSetName: id,
        StackName: stackName,
        ClientRequestToken: token,
      });
      await calling(SERVICE, "ExecuteChangeSet", () => client.send(command));
    },

    async deleteChangeSet(id, stackName) {
      const { sdk, client } = await access();
      const command = new sdk.DeleteChangeSetCommand({ ChangeSetName: id, StackName: stackName });
      await unlessMissing(
        () => calling(SERVICE, "DeleteChangeSet", () => client.send(command)),
        ({ code }) => code === "ChangeSetNotFound" || code === "ChangeSetNotFoundException",
      );
    },

    async deleteStack(nameOrId, { token, express }) {
      const { sdk, client } = await access();
      const command = new sdk.DeleteStackCommand({
        StackName: nameOrId,
        ClientRequestToken: token,
        ...(express ? { DeploymentConfig: { Mode: "EXPRESS" } } : {}),
      });
      await calling(SERVICE, "DeleteStack", () => client.send(command));
    },
  };
}

/** CloudFormation says it as an error of validation, and in words only. */
function isMissing({ code, message }: Refusal): boolean {
  return code === "ValidationError" && /does not exist/.test(message);
}

function changeSetInput(request: ChangeSetRequest) {
  const { template } = request;
  return {
    StackName: request.stackName,
    ChangeSetName: request.name,
    ChangeSetType: request.kind,
    ...("url" in template ? { TemplateURL: template.url } : { TemplateBody: template.body }),
    Capabilities: ["CAPABILITY_IAM" as const, "CAPABILITY_NAMED_IAM" as const],
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
