import { expect, test } from "vitest";
import { isProjectName, projectNameOf } from "../../../src/project-directory/new-project/name.ts";

test.each([
  ["chat", true],
  ["my-chat-2", true],
  ["a".repeat(40), true],
  ["a".repeat(41), false],
  ["2chat", false],
  ["-chat", false],
  ["Chat", false],
  ["my chat", false],
  ["", false],
])("%j is a name of a project: %s", (text, expected) => {
  expect(isProjectName(text)).toBe(expected);
});

test.each([
  ["/home/me/chat", "chat"],
  ["/home/me/My Chat!", "my-chat"],
  ["/home/me/2024_chat/", "chat"],
  ["/home/me/日本", "chat"],
  ["/", "chat"],
  [`/${"ab-".repeat(20)}`, "ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-a"],
])("a project in %j is called %j", (directory, name) => {
  expect(projectNameOf(directory)).toBe(name);
  expect(isProjectName(name)).toBe(true);
});
