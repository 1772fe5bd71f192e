import { expect, test } from "vitest";
import {
  judgeCredentials,
  judgeNode,
  judgePort,
  type PortState,
} from "../../../src/doctor/rules/judge-machine.ts";
import {
  type AuthorityState,
  judgeAuthority,
  judgeState,
} from "../../../src/doctor/rules/judge-project.ts";

test.each([
  ["20.19.0", "good"],
  ["20.20.2", "good"],
  ["24.0.0", "good"],
  ["20.18.3", "blocked"],
  ["18.99.0", "blocked"],
])("Node %s against >=20.19 is %s", (version, verdict) => {
  expect(judgeNode(version, ">=20.19")).toMatchObject({ subject: "node", verdict });
});

const held = (by: Partial<Extract<PortState, { kind: "held" }>["by"]>): PortState => ({
  kind: "held",
  by: { pid: 7, command: "nc -l", project: undefined, ...by },
});

test.each<[string, PortState, string, string]>([
  ["that is free", { kind: "free" }, "good", "Port 3001 is free."],
  ["that needs rights", { kind: "unusable", why: "not allowed" }, "blocked", "3001: not allowed."],
  ["of an unseen process", { kind: "held", by: undefined }, "blocked", "cannot be seen"],
  ["of another process", held({}), "blocked", "held by process 7 (nc -l)."],
  [
    "of another project",
    held({ project: "/other" }),
    "blocked",
    "the gateway of /other (process 7)",
  ],
  ["of this project", held({ pid: 8, project: "/p" }), "warning", "the gateway of this project"],
])("judges a port %s", (_, state, verdict, said) => {
  const finding = judgePort(3001, state, [8]);

  expect(finding).toMatchObject({ verdict, said: expect.stringContaining(said) });
  expect(finding.advice === undefined).toBe(verdict === "good");
});

test.each([
  [{ variables: [], profiles: [], profile: undefined }, "warning", "none are needed"],
  [{ variables: ["AWS_ACCESS_KEY_ID"], profiles: [], profile: undefined }, "good", "do not get"],
  [{ variables: [], profiles: ["a", "b"], profile: "b" }, "good", "~/.aws (a, b)"],
  [{ variables: [], profiles: ["a"], profile: "c" }, "warning", "there are a"],
])("judges the credentials %j", (sources, verdict, said) => {
  expect(judgeCredentials(sources)).toMatchObject({
    verdict,
    said: expect.stringContaining(said),
  });
});

const NOW = Date.parse("2026-01-01T00:00:00Z");
const kept = (until: string): AuthorityState => ({
  kind: "kept",
  file: "authority.pem",
  name: "wsgw",
  validUntil: Date.parse(until),
});

test.each<[AuthorityState, string, string]>([
  [{ kind: "absent" }, "good", "the first wsgw dev makes it"],
  [
    { kind: "unreadable", file: "a.pem", why: "not allowed" },
    "blocked",
    "a.pem cannot be read: not allowed.",
  ],
  [{ kind: "broken", file: "a.pem" }, "warning", "no usable authority"],
  [kept("2030-01-01T00:00:00Z"), "good", "valid until 2030-01-01."],
  [kept("2026-01-20T00:00:00Z"), "warning", "valid until 2026-01-20 only."],
  [kept("2025-12-01T00:00:00Z"), "warning", "expired on 2025-12-01."],
])("judges the authority %j", (state, verdict, said) => {
  expect(judgeAuthority(state, NOW)).toMatchObject({
    verdict,
    said: expect.stringContaining(said),
  });
});

test.each([
  [{ refused: undefined, freeBytes: 9e9 }, "good"],
  [{ refused: undefined, freeBytes: undefined }, "good"],
  [{ refused: undefined, freeBytes: 1e8 }, "warning"],
  [{ refused: undefined, freeBytes: 1e6 }, "blocked"],
  [{ refused: "not allowed", freeBytes: 9e9 }, "blocked"],
])("judges the state folder %j as %s", (state, verdict) => {
  expect(judgeState({ folder: "/p/.wsgw", ...state })).toMatchObject({ verdict });
});
