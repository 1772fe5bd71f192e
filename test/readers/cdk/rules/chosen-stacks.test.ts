import { expect, test } from "vitest";
import { chosenStacks } from "../../../../src/readers/cdk/rules/chosen-stacks.ts";

test("a stack is chosen with all that it depends on", () => {
  const stacks = [
    { id: "Data", displayName: "Dev/Data", stackName: "Dev-Data", dependencies: [] },
    {
      id: "Chat",
      displayName: "Dev/Chat",
      stackName: "Dev-Chat",
      dependencies: ["Data", "Chat.assets"],
    },
    { id: "Other", displayName: "Prod/Chat", stackName: "Prod-Chat", dependencies: [] },
  ];

  for (const name of ["Chat", "Dev/Chat", "Dev-Chat"]) {
    expect(chosenStacks(stacks, name)?.map(({ id }) => id)).toEqual(["Data", "Chat"]);
  }
  expect(chosenStacks(stacks, "None")).toBeUndefined();
});
