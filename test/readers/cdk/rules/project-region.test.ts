import { expect, test } from "vitest";
import { projectPlace } from "../../../../src/readers/cdk/rules/project-region.ts";

const stacks = [
  { id: "Data", region: "eu-west-1", accountId: "111111111111" },
  { id: "Chat", region: "eu-north-1", accountId: "222222222222" },
];
const asked = { accountId: "123456789012", regionFrom: { AWS_REGION: "eu-south-1" } };

test("a project is where the stack with the WebSocket API is, unless another region is requested", () => {
  const isChat = ({ id }: { readonly id: string }) => id === "Chat";

  expect(projectPlace(stacks, isChat, asked)).toEqual({
    region: "eu-north-1",
    accountId: "222222222222",
  });
  expect(projectPlace(stacks, isChat, { ...asked, region: "us-west-2" }).region).toBe("us-west-2");
});

test("without that stack, the first region of the app counts, else that of the environment", () => {
  const [, chat] = stacks;
  const open = { id: "Open", region: undefined, accountId: undefined };
  const none = () => false;

  expect(projectPlace([open, chat!], none, asked).region).toBe("eu-north-1");
  expect(projectPlace([open], none, asked)).toEqual({
    region: "eu-south-1",
    accountId: "123456789012",
  });
});
