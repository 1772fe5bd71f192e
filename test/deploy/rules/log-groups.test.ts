import { expect, test } from "vitest";
import { logGroupOf } from "../../../src/deploy/rules/log-groups.ts";

const resource = (logicalId: string, physicalId: string | undefined, type: string) => ({
  ...{ logicalId, physicalId, type },
  ...{ status: "CREATE_COMPLETE", reason: undefined },
});
const talk = resource("Talk", "chat-Talk-1", "AWS::Lambda::Function");
const logs = resource("Logs", "/aws/lambda/chat/talk", "AWS::Logs::LogGroup");

function template(LoggingConfig: unknown): string {
  return JSON.stringify({ Resources: { Talk: { Properties: { LoggingConfig } } } });
}

test.each([
  ["the group of the stack", template({ LogGroup: { Ref: "Logs" } }), "/aws/lambda/chat/talk"],
  ["a group of another's", template({ LogGroup: "/all" }), "/all"],
  ["Lambda's own without a name", template(undefined), "/aws/lambda/chat-Talk-1"],
  [
    "Lambda's own where the name is made of more",
    template({ LogGroup: { "Fn::Sub": "x" } }),
    "/aws/lambda/chat-Talk-1",
  ],
  [
    "Lambda's own where the group is gone",
    template({ LogGroup: { Ref: "Gone" } }),
    "/aws/lambda/chat-Talk-1",
  ],
  ["Lambda's own where the template is not JSON", "Resources: {}", "/aws/lambda/chat-Talk-1"],
])("a function logs to %s", (_, text, group) => {
  expect(logGroupOf(talk, text, [talk, logs])).toBe(group);
});
