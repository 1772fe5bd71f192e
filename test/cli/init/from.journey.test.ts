// @module-tag journey
import { test } from "vitest";
import { expectTheSame } from "./from-projects.ts";

test.each([
  ["simple-chat", "template.yaml"],
  ["typed-rooms", "template.yml"],
  ["price-alerts", "template.yaml"],
  ["poll-terraform", "infra/main.tf"],
  ["half-here", "template.yaml"],
  ["nested-board", "cloudformation.json"],
  ["two-lobbies", "template.yml"],
  ["votes", "backend/template.yaml"],
  ["lobby-terraform", "main.tf"],
  ["guestbook-state", "state.json"],
])("%s: the config file describes what %s does, and is formatted", expectTheSame);
