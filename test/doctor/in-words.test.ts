import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeProject } from "../../src/describe/describe-project.ts";
import { checkUp } from "../../src/doctor/check-up.ts";
import { probeStateDirectory, readAuthority } from "../../src/doctor/probe-project.ts";
import { project } from "../readers/projects.ts";

test("says in words why the authority cannot be read", async () => {
  const { path } = project({ "p.txt": "" });
  mkdirSync(join(path(".wsgw"), "certificates", "authority.pem"), { recursive: true });

  expect(await readAuthority(path(".wsgw"))).toMatchObject({
    kind: "unreadable",
    why: "it is a directory (EISDIR)",
  });
});

test.skipIf(process.getuid?.() === 0 || process.platform === "win32")(
  "explains why the state directory cannot be written",
  async () => {
    const { path } = project({ "p.txt": "" });
    chmodSync(path("."), 0o555);

    const { problem } = await probeStateDirectory(path(".wsgw"));

    chmodSync(path("."), 0o755);
    expect(problem).toBe("permission is denied (EACCES)");
  },
);

test.skipIf(process.getuid?.() === 0)(
  "says in words why nothing can listen on the port",
  async () => {
    const { path } = project({ "p.txt": "" });

    const { findings } = await checkUp({ cwd: path("."), port: 1, env: {} });

    const said = findings.find(({ subject }) => subject === "port")?.said;
    // Where every port is free to all, as in containers, it is.
    expect([
      "Port 1 is free.",
      "Nothing can listen on port 1: this user may not use that port (EACCES).",
    ]).toContain(said);
  },
);

test("calls the API of a template by its own name, and not by that of the stack", async () => {
  const { path } = project({
    "template.yaml": `Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: my chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action }
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Api, StageName: dev }
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: $connect }`,
  });
  const place = { cwd: path("."), template: "template.yaml", stackName: "a-stack" };

  const { findings } = await checkUp({ ...place, stateDir: "state", env: {} });
  const { text } = await describeProject(place);

  expect(findings.find(({ subject }) => subject === "config")?.said).toBe(
    "template.yaml defines the API my chat.",
  );
  expect(text).toMatch(/^my chat\n/);
});
