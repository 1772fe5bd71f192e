import { expect, test } from "vitest";
import type { ApiDefinition } from "../../../src/definition/project.ts";
import type { Change } from "../../../src/deploy/template/change.ts";
import { diffTemplates } from "../../../src/deploy/template/diff.ts";
import { renderDiff } from "../../../src/deploy/template/render-diff.ts";
import { rich, sample, templateOf } from "../apis.ts";

const diff = (before: ApiDefinition, after: ApiDefinition): readonly Change[] =>
  diffTemplates(templateOf(before), templateOf(after));

const find = (changes: readonly Change[], id: string): Change | undefined =>
  changes.find((change) => change.id === id);

test("nothing differs between a template and itself", () => {
  const changes = diff(rich, rich);

  expect(changes).toEqual([]);
  expect(renderDiff(changes)).toBe("Nothing would change.\n");
});

test("tells what of a function changes, and that it stays", () => {
  const { connect, ...functions } = sample.functions;
  const after = { ...sample, functions: { ...functions, connect: { ...connect!, memory: 512 } } };

  expect(diff(sample, after)).toEqual([
    {
      kind: "changed",
      section: "Resources",
      id: "ConnectFunction",
      type: "AWS::Lambda::Function",
      properties: [{ path: "MemorySize", before: 128, after: 512, replacement: "never" }],
      replacement: "never",
      notes: [],
    },
  ]);
});

test("a new route adds its resources, and a deployment that replaces the old one", () => {
  const after = { ...sample, routes: { ...sample.routes, $default: { function: "connect" } } };

  const changes = diff(sample, after);

  const ids = (kind: Change["kind"]) =>
    changes.filter((change) => change.kind === kind).map(({ id }) => id);
  expect(ids("added")).toEqual([
    "DefaultIntegration",
    "DefaultPermission",
    "DefaultRoute",
    expect.stringMatching(/^Deployment/),
  ]);
  expect(ids("removed")).toEqual([expect.stringMatching(/^Deployment/)]);
  expect(find(changes, "Stage")?.properties.map(({ path }) => path)).toEqual(["DeploymentId"]);
  expect(renderDiff(changes)).toContain("! The changes of the API go live with it.");
});

test("a table with another key is replaced, and it is said what becomes of the items", () => {
  const keyed = (attribute: string) => ({
    ...sample,
    connectionTable: { ...sample.connectionTable!, attribute },
  });

  const change = find(diff(keyed("connectionID"), keyed("id")), "ConnectionsTable");

  expect(change?.replacement).toBe("always");
  expect(change?.properties).toContainEqual({
    path: "KeySchema[0].AttributeName",
    before: "connectionID",
    after: "id",
    replacement: "always",
  });
  expect(change?.notes).toEqual([
    "The new table is empty. The old one is deleted with all its items.",
  ]);
});

test("a table that goes says whether its items go too", () => {
  const { tables: _, ...without } = rich;
  const changes = diff(rich, without);

  expect(find(changes, "MessagesTable")?.notes).toEqual([
    "It stays in the account, outside of the stack.",
  ]);
  expect(find(changes, "AuditTable")?.notes).toEqual(["The table is deleted with all its items."]);
});

test("warns about several indexes in one update, which DynamoDB rejects", () => {
  const { messages, ...tables } = rich.tables!;
  const { indexes: _, ...bare } = messages!;
  const change = find(
    diff(rich, { ...rich, tables: { ...tables, messages: bare } }),
    "MessagesTable",
  );

  expect(change?.notes).toEqual([
    "DynamoDB creates or removes only one index per update, but there are 2. Deploy them one at a time.",
  ]);
});

test("what names a replaced resource where a change replaces, is replaced with it", () => {
  const before = templateOf(sample);
  const { Api, ...resources } = before.Resources;
  const http = { ...Api!, Properties: { ...Api!.Properties, ProtocolType: "HTTP" } };

  const changes = diffTemplates(before, { ...before, Resources: { Api: http, ...resources } });

  expect(find(changes, "Api")?.notes).toEqual(["Clients need another URL afterwards."]);
  expect(find(changes, "ConnectRoute")).toMatchObject({
    replacement: "always",
    properties: [{ path: "ApiId", after: "the new Api" }],
  });
  expect(find(changes, "ConnectFunction")).toBeUndefined();
});

test("shows changes as text, marks first and without colours", () => {
  const { connect, ...functions } = sample.functions;
  const after: ApiDefinition = {
    ...sample,
    functions: { ...functions, connect: { ...connect!, memory: 512, description: "Lets in" } },
    connectionTable: { ...sample.connectionTable!, attribute: "id" },
  };

  expect(renderDiff(diff(sample, after))).toBe(`Resources
~ ConnectFunction   AWS::Lambda::Function
    + Description: "Lets in"
    ~ MemorySize: 128 -> 512
~ ConnectionsTable  AWS::DynamoDB::Table  (replaced)
    ~ AttributeDefinitions[0].AttributeName: "connectionID" -> "id"
    ~ KeySchema[0].AttributeName: "connectionID" -> "id"  (replaced)
    ! The new table is empty. The old one is deleted with all its items.

Resources: 0 to add, 2 to change, 0 to remove; 1 of them replaced.
`);
});

test("finds outputs, parameters and types that differ", () => {
  const before = templateOf(sample);
  const after = {
    ...before,
    Parameters: { ...before.Parameters, Level: { Type: "String" } },
    Outputs: { ...before.Outputs, BuildId: { Value: "new" } },
  };

  expect(diffTemplates(before, after).map(({ section, id, kind }) => [section, id, kind])).toEqual([
    ["Parameters", "Level", "added"],
    ["Outputs", "BuildId", "changed"],
  ]);
});
