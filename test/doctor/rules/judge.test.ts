import { expect, test } from "vitest";
import { blocked, good, warning } from "../../../src/doctor/rules/findings.ts";
import {
  type AuthorityState,
  judgeAuthority,
} from "../../../src/doctor/rules/judge-certificates.ts";
import { judgeCredentials } from "../../../src/doctor/rules/judge-credentials.ts";
import { judgeConfig, judgeSeeds } from "../../../src/doctor/rules/judge-definition.ts";
import {
  judgeFunctions,
  judgePackages,
  judgeRuntimes,
  judgeUnserved,
} from "../../../src/doctor/rules/judge-functions.ts";
import { judgeNode } from "../../../src/doctor/rules/judge-node.ts";
import { judgeGateways, judgePort, type PortState } from "../../../src/doctor/rules/judge-port.ts";
import { judgeState } from "../../../src/doctor/rules/judge-state-directory.ts";

test.each([
  ["20.19.0", "good"],
  ["20.20.2", "good"],
  ["24.0.0", "good"],
  ["20.18.3", "blocked"],
  ["18.99.0", "blocked"],
  ["21", "good"],
  ["20.19", "good"],
  ["none", "blocked"],
])("Node %s against >=20.19 is %s", (version, verdict) => {
  expect(judgeNode(version, ">=20.19")).toMatchObject({ subject: "node", verdict });
});

const held = (by: Partial<Extract<PortState, { kind: "held" }>["by"]>): PortState => ({
  kind: "held",
  by: { pid: 7, command: "nc -l", project: undefined, ...by },
});

const NOW = Date.parse("2026-01-01T00:00:00Z");
const kept = (until: string): AuthorityState => ({
  kind: "kept",
  file: "authority.pem",
  name: "wsgw",
  validUntil: Date.parse(until),
});

test.each<[AuthorityState, string, string]>([
  [{ kind: "absent" }, "good", "The first wsgw dev creates it"],
  [
    { kind: "unreadable", file: "a.pem", why: "not allowed" },
    "blocked",
    "a.pem cannot be read: not allowed.",
  ],
  [{ kind: "broken", file: "a.pem" }, "warning", "does not contain a usable authority"],
  [kept("2030-01-01T00:00:00Z"), "good", "valid until 2030-01-01."],
  [kept("2026-01-20T00:00:00Z"), "warning", "valid until 2026-01-20 only."],
  [kept("2025-12-01T00:00:00Z"), "warning", "expired on 2025-12-01."],
])("judges the authority %j", (state, verdict, said) => {
  expect(judgeAuthority(state, NOW)).toMatchObject({
    verdict,
    said: expect.stringContaining(said),
  });
});

const MB = 1024 * 1024;
const SPACE = "Free some space.";

test.each([
  [{ freeBytes: 500 * MB }, "good", "/p/.wsgw is writable; 500 MB free.", undefined],
  [{}, "good", "/p/.wsgw is writable.", undefined],
  [
    { freeBytes: 500 * MB - 1 },
    "warning",
    "The disk of /p/.wsgw is nearly full: 499 MB free.",
    SPACE,
  ],
  [{ freeBytes: 20 * MB }, "warning", "The disk of /p/.wsgw is nearly full: 20 MB free.", SPACE],
  [{ freeBytes: 20 * MB - 1 }, "blocked", "The disk of /p/.wsgw is full: 19 MB free.", SPACE],
  [
    { problem: "not allowed", freeBytes: 9e9 },
    "blocked",
    "/p/.wsgw cannot be written: not allowed.",
    "Give this user write permission there. It contains certificates and the address of the running gateway.",
  ],
])("judges the state directory %j as %s", (state, verdict, said, advice) => {
  const all = { directory: "/p/.wsgw", problem: undefined, freeBytes: undefined, ...state };

  expect(judgeState(all)).toEqual({ subject: "state", verdict, said, advice });
});

test.each([
  [30 * 24, "warning", "is valid until 2026-01-31 only."],
  [31 * 24, "good", "is valid until 2026-02-01."],
  [0, "warning", "is valid until 2026-01-01 only."],
  [-1, "warning", "expired on 2025-12-31."],
])("an authority that is valid for %i hours more is judged %s", (hours, verdict, said) => {
  const state: AuthorityState = {
    kind: "kept",
    file: "authority.pem",
    name: "wsgw",
    validUntil: NOW + hours * 3_600_000,
  };

  expect(judgeAuthority(state, NOW)).toEqual({
    subject: "certificates",
    verdict,
    said: `The certificate authority wsgw ${said}`,
    advice:
      verdict === "good"
        ? undefined
        : "The next wsgw dev creates a new one. Trust it as wsgw cert shows.",
  });
});

test("an authority that cannot be used says what to do", () => {
  expect(judgeAuthority({ kind: "unreadable", file: "a.pem", why: "no" }, NOW)).toEqual({
    subject: "certificates",
    verdict: "blocked",
    said: "a.pem cannot be read: no.",
    advice:
      "Make it readable for this user. Or delete its directory, and trust the new authority as wsgw cert shows.",
  });
  expect(judgeAuthority({ kind: "broken", file: "a.pem" }, NOW)).toMatchObject({
    said: "a.pem does not contain a usable authority.",
    advice: "The next wsgw dev creates a new one. Trust it as wsgw cert shows.",
  });
});

test("tells which gateways of the project run", () => {
  expect(judgeGateways([])).toEqual(good("gateway", "No gateway of this project runs."));
  expect(judgeGateways(["http://a"])).toEqual(
    good("gateway", "A gateway of this project runs: http://a."),
  );
  expect(judgeGateways(["http://a", "http://b"]).said).toContain("runs: http://a, http://b.");
});

test("a definition and the items of tables are good, or say what is wrong", () => {
  expect(judgeConfig({ kind: "good", file: "wsgw.config.ts", apis: ["chat"] })).toEqual(
    good("config", "wsgw.config.ts defines the API chat."),
  );
  expect(judgeConfig({ kind: "good", file: "t.yaml", apis: ["chat", "news"] })).toEqual(
    good("config", "t.yaml defines the APIs chat and news."),
  );
  expect(judgeConfig({ kind: "faulty", message: "no", hint: "do" })).toEqual(
    blocked("config", "no", "do"),
  );
  expect(judgeSeeds(undefined)).toEqual([]);
  expect(judgeSeeds({ message: "no", hint: "do" })).toEqual([blocked("tables", "no", "do")]);
});

test("counts functions, or reports each error", () => {
  const state = { count: 1, programs: [], faults: [], warnings: [] };

  expect(judgeFunctions(state)).toEqual([good("functions", "The handler of 1 function is there.")]);
  expect(
    judgeFunctions({ ...state, count: 2, programs: ["python3.12", "sh"], warnings: ["hm"] }),
  ).toEqual([
    good("functions", "The handlers of 2 functions are there. Run by python3.12, sh."),
    warning("functions", "hm"),
  ]);
  expect(
    judgeFunctions({ ...state, warnings: ["hm"], faults: [{ said: "no", advice: "do" }] }),
  ).toEqual([blocked("functions", "no", "do")]);
});

test("warns once of each runtime that Lambda rejects, with its functions", () => {
  const fn = (name: string, runtime: string) => ({ name, runtime });
  const functions = {
    a: fn("join", "nodejs16.x"),
    b: fn("send", "nodejs24.x"),
    c: fn("leave", "nodejs16.x"),
    d: fn("count", "python3.8"),
  } as unknown as Parameters<typeof judgeRuntimes>[0];

  expect(judgeRuntimes(functions)).toEqual([
    warning(
      "functions",
      "Lambda rejects new functions with nodejs16.x, the runtime of join and leave.",
      "Change it to nodejs24.x.",
    ),
    warning(
      "functions",
      "Lambda rejects new functions with python3.8, the runtime of count.",
      "Change it to python3.14.",
    ),
  ]);
});

test("names functions whose code is in S3", () => {
  const unserved = (key: string, isInS3: boolean) => ({
    key,
    name: `chat-${key}`,
    why: "",
    isInS3,
  });

  expect(judgeUnserved([unserved("Image", false)])).toEqual([]);
  expect(
    judgeUnserved([unserved("Image", false), unserved("Join", true), unserved("Send", true)]),
  ).toEqual([
    warning(
      "functions",
      "The code of Join and Send is in S3, and wsgw does not download it.",
      'Set the directory of the code in wsgw.config.ts: fromTemplate("TEMPLATE", { functions: { Join: { root: "DIRECTORY" } } }).',
    ),
  ]);
});

test("names packages that are not installed, and where to install them", () => {
  expect(
    judgePackages([
      { directory: "", names: ["zod"] },
      { directory: "src/join", names: ["ulid", "ws"] },
    ]),
  ).toEqual([
    warning("functions", "package.json lists zod, which is not installed.", "Run npm install."),
    warning(
      "functions",
      "src/join/package.json lists ulid and ws, which are not installed.",
      "Run npm install in src/join.",
    ),
  ]);
});

test("lists the profiles that there are in place of an unknown one", () => {
  const sources = { variables: [], profiles: ["p", "q"], profile: "x" };

  expect(judgeCredentials(sources).said).toBe(
    'AWS_PROFILE is "x", but ~/.aws does not have this profile: it has p, q.',
  );
});

const OTHER = "choose another port: wsgw dev --port 0 uses any free port.";

test.each<[PortState, string, string, string | undefined]>([
  [{ kind: "free" }, "good", "Port 3001 is free.", undefined],
  [
    { kind: "unusable", why: "no" },
    "blocked",
    "Nothing can listen on port 3001: no.",
    "Choose another with wsgw dev --port. Ports below 1024 often need more rights.",
  ],
  [
    { kind: "held", by: undefined },
    "blocked",
    "Port 3001 is in use by a process that this user cannot see.",
    `Stop it, or ${OTHER}`,
  ],
  [held({}), "blocked", "Port 3001 is in use by process 7 (nc -l).", `Stop it, or ${OTHER}`],
  [
    held({ command: undefined }),
    "blocked",
    "Port 3001 is in use by process 7.",
    `Stop it, or ${OTHER}`,
  ],
  [
    held({ project: "/other" }),
    "blocked",
    "Port 3001 is in use by the gateway of /other (process 7).",
    `Stop it, or ${OTHER}`,
  ],
  [
    held({ pid: 8, project: "/p" }),
    "warning",
    "Port 3001 is in use by the gateway of this project (process 8).",
    `For a second one, ${OTHER}`,
  ],
])("judges the port %j as %s", (state, verdict, said, advice) => {
  expect(judgePort(3001, state, [8])).toEqual({ subject: "port", verdict, said, advice });
});

test("port 0 takes any, and Node that is too old names the one to install", () => {
  expect(judgePort(0, { kind: "free" }, []).said).toBe("Port 0 uses any free port.");
  expect(judgeNode("v20.18.3", ">=20.19")).toEqual(
    blocked(
      "node",
      "Node v20.18.3 is too old; wsgw needs >=20.19.",
      "Install Node 20.19 or newer: https://nodejs.org.",
    ),
  );
  expect(judgeNode("21", ">=20.19")).toEqual(good("node", "Node 21; wsgw needs >=20.19."));
  expect(judgeNode("20", ">=20.19").verdict).toBe("blocked");
});

test("names the places of credentials, and what lacks them", () => {
  const nothing = { variables: [], profiles: [], profile: undefined };
  const apart = "Functions on this machine do not get them; wsgw gives them placeholder keys.";

  expect(judgeCredentials({ ...nothing, variables: ["A", "B"], profiles: ["p", "q"] })).toEqual(
    good("credentials", `AWS credentials found: A, B of the environment; ~/.aws (p, q). ${apart}`),
  );
  expect(judgeCredentials({ ...nothing, profiles: ["p", "q"], profile: "q" }).verdict).toBe("good");
  expect(judgeCredentials({ ...nothing, profiles: ["p"], profile: "x" }).said).toContain(
    "not have this profile: it has p.",
  );
  expect(judgeCredentials({ ...nothing, variables: ["A"] }).said).toBe(
    `AWS credentials found: A of the environment. ${apart}`,
  );
  expect(judgeCredentials({ ...nothing, profile: "x" })).toEqual(
    warning(
      "credentials",
      'AWS_PROFILE is "x", but ~/.aws does not have this profile: it has none.',
      "Only commands that use AWS, such as wsgw deploy, need it. Correct AWS_PROFILE, or run aws configure.",
    ),
  );
  expect(judgeCredentials(nothing)).toEqual(
    warning(
      "credentials",
      "No AWS credentials found; the emulator does not need any.",
      "For wsgw deploy, sign in (aws sso login, aws configure) or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    ),
  );
});
