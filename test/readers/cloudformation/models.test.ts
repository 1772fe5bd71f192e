import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkProject } from "../../../src/definition/checks.ts";
import type { ProjectDefinition } from "../../../src/definition/written.ts";
import { parseRouteExpression } from "../../../src/emulator/apigateway/message/rules/route-expression.ts";
import { readTemplate } from "../../../src/readers/cloudformation/read-template.ts";
import { startGateway } from "../../../src/testing/index.ts";
import { project } from "../projects.ts";

/** A SAM template with a route `send` that echoes, and these resources beside it. */
const template = (resources: string, route = "", api = "") => `
Transform: AWS::Serverless-2016-10-31
Resources:
  Send:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: ., Handler: app.handler, Runtime: nodejs22.x }
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      StageName: dev
      RouteSelectionExpression: $request.body.action${api}
      Routes:
        send:
          FunctionArn: !GetAtt Send.Arn
          RouteResponseSelectionExpression: $default${route}
  SendResponse:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Api, RouteId: !Ref ApiSendRoute, RouteResponseKey: $default }
${resources}`;

const ORDER = `
  Order:
    Type: AWS::ApiGatewayV2::Model
    Properties:
      ApiId: !Ref Api
      Name: order
      ContentType: application/json
      Schema:
        $schema: http://json-schema.org/draft-04/schema#
        type: object
        required: [item]
        properties:
          item:
            $ref: !Sub https://apigateway.amazonaws.com/restapis/\${Api}/models/item
  Item:
    Type: AWS::ApiGatewayV2::Model
    Properties:
      ApiId: !Ref Api
      Name: item
      Schema: '{"type":"string","minLength":2}'`;

const CHOSEN = `
          ModelSelectionExpression: $request.body.kind
          RequestModels: { order: order }`;

async function read(text: string) {
  const { path, root } = project({ "app.js": "" });
  writeFileSync(path("template.yaml"), text);
  const loaded = await readTemplate({
    file: path("template.yaml"),
    cwd: root,
    stackName: "shop",
    region: "eu-west-1",
    accountId: "123456789012",
    parameters: {},
    envVars: {},
    apiIdOf: (name) => `id-of-${name}`,
    mayAllow: () => true,
    stateDir: path("state"),
  });
  return { ...loaded, definition: loaded.definition as ProjectDefinition };
}

const check = (definition: ProjectDefinition) =>
  checkProject(definition, "template.yaml", { parseExpression: parseRouteExpression });

test("models of a template have their schemas, as objects or JSON in strings", async () => {
  const { definition, source } = await read(template(ORDER, CHOSEN));

  expect(definition.apis.Api).toMatchObject({
    models: {
      order: {
        required: ["item"],
        properties: {
          item: { $ref: "https://apigateway.amazonaws.com/restapis/id-of-Api/models/item" },
        },
      },
      item: { type: "string", minLength: 2 },
    },
    routes: {
      send: {
        modelSelectionExpression: "$request.body.kind",
        requestModels: { order: "order" },
      },
    },
  });
  expect(source.notServed).toEqual([]);
  expect(check(definition).warnings).toEqual([]);
});

test("a fault in a model's schema names its line in the template", async () => {
  const faulty = ORDER.replace("type: object", "type: objekt");
  const { definition } = await read(template(faulty, CHOSEN));

  expect(() => check(definition)).toThrow(
    /^template\.yaml:30:9: Resources\.Order\.Properties\.Schema\.type: "objekt" must be equal to /,
  );
});

test("a route that names the resource of a model, not its name, is a fault", async () => {
  const { definition } = await read(
    template(ORDER, CHOSEN.replace("order: order", "order: Order")),
  );

  expect(() => check(definition)).toThrow(
    /Resources\.Api\.Properties\.Routes\.send\.RequestModels: "Order" is not the name of a model. Did you mean "order"\?/,
  );
});

test.each([
  ["'{'", '"{" is not JSON of an object. Write the schema as an object.'],
  ["'[]'", '"[]" is not JSON of an object. Write the schema as an object.'],
  ["[]", "[] is not a JSON Schema. Write an object."],
])("the schema %s is a fault at its place", async (schema, fault) => {
  const item = ORDER.replace(`'{"type":"string","minLength":2}'`, schema);

  await expect(read(template(item, CHOSEN))).rejects.toThrow(
    `Resources.Item.Properties.Schema: ${fault}`,
  );
});

test("DisableSchemaValidation of the API makes warnings of the faults of schemas", async () => {
  const faulty = ORDER.replace("type: object", "type: objekt");
  const { definition } = await read(
    template(faulty, CHOSEN, "\n      DisableSchemaValidation: true"),
  );

  expect(definition.apis.Api?.disableSchemaValidation).toBe(true);
  expect(check(definition).warnings).toEqual([expect.stringContaining('"objekt" must be equal')]);
});

test("a model of a SAM template rejects a message that does not match", async () => {
  const { path } = project({
    "app.js": "exports.handler = async () => ({ statusCode: 200, body: 'ordered' });",
  });
  writeFileSync(path("template.yaml"), template(ORDER, CHOSEN));
  await using gateway = await startGateway({ template: path("template.yaml") });
  const client = await gateway.connect();

  client.sendJson({ action: "send", kind: "order", item: "x" });
  expect(await client.nextJson()).toMatchObject({ message: "Invalid request body" });
  client.sendJson({ action: "send", kind: "order", item: "pen" });
  expect(await client.next()).toBe("ordered");
});
