import { test } from "vitest";
import { expectTheSame } from "./from-projects.ts";

// One of each kind of file is in from.apart.test.ts.
test.each([
  ["simple-chat", "template.yaml"],
  ["typed-rooms", "template.yml"],
  ["half-here", "template.yaml"],
  ["nested-board", "cloudformation.json"],
  ["two-lobbies", "template.yml"],
  ["votes", "backend/template.yaml"],
  ["lobby-terraform", "main.tf"],
  ["guestbook-state", "state.json"],
])("%s: the config file describes what %s does, and is formatted", expectTheSame);
