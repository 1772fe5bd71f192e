import { expect, onTestFinished, test } from "vitest";
import { startGateway } from "../../../src/testing/index.ts";
import { stopChecked } from "../../checked-facts.ts";
import { project } from "../projects.ts";

// Templates without any function: section 19 of the reference.

const TEMPLATE = `
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: direct, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action }
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Api, StageName: dev }
  Connections:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
  Caller:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - { Effect: Allow, Principal: { Service: apigateway.amazonaws.com }, Action: sts:AssumeRole }
      Policies:
        - PolicyName: calls
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: [ACTION, dynamodb:DeleteItem], Resource: !GetAtt Connections.Arn }
              - { Effect: Allow, Action: sqs:SendMessage, Resource: "*" }
  Put:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS
      IntegrationMethod: POST
      IntegrationUri: !Sub arn:aws:apigateway:\${AWS::Region}:dynamodb:action/PutItem
      CredentialsArn: !GetAtt Caller.Arn
      TemplateSelectionExpression: \\$default
      RequestTemplates:
        $default: !Sub '{"TableName":"\${Connections}","Item":{"id":{"S":"$context.connectionId"},"room":{"S":"$input.params(''room'')"}}}'
  PutAnswer:
    Type: AWS::ApiGatewayV2::IntegrationResponse
    Properties: { ApiId: !Ref Api, IntegrationId: !Ref Put, IntegrationResponseKey: /200/, TemplateSelectionExpression: \\$default }
  Connect:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: $connect, Target: !Sub "integrations/\${Put}" }
  Delete:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS
      IntegrationUri: !Sub arn:aws:apigateway:\${AWS::Region}:dynamodb:action/DeleteItem
      CredentialsArn: !GetAtt Caller.Arn
      RequestTemplates:
        application/json: !Sub '{"TableName":"\${Connections}","Key":{"id":{"S":"$context.connectionId"}}}'
  Disconnect:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: $disconnect, Target: !Sub "integrations/\${Delete}" }
  Pong:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: MOCK
      TemplateSelectionExpression: "200"
      RequestTemplates: { "200": '{"statusCode":200}' }
  PongAnswer:
    Type: AWS::ApiGatewayV2::IntegrationResponse
    Properties:
      ApiId: !Ref Api
      IntegrationId: !Ref Pong
      IntegrationResponseKey: /200/
      TemplateSelectionExpression: "200"
      ResponseTemplates: { "200": '{"type":"pong"}' }
  Ping:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: ping, Target: !Sub "integrations/\${Pong}" }
  PingAnswer:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Api, RouteId: !Ref Ping, RouteResponseKey: $default }
  Queue:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS
      IntegrationUri: !Sub arn:aws:apigateway:\${AWS::Region}:sqs:path/\${AWS::AccountId}/orders
      CredentialsArn: !GetAtt Caller.Arn
      RequestParameters: { integration.request.header.Content-Type: "'application/x-www-form-urlencoded'" }
      RequestTemplates: { $default: "Action=SendMessage&MessageBody=$util.urlEncode($input.json('$'))" }
  Order:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: order, Target: !Sub "integrations/\${Queue}" }`;

async function served(template: string) {
  const { path } = project({ "template.yaml": template });
  const gateway = await startGateway({ template: path("template.yaml") });
  onTestFinished(() => stopChecked(gateway));
  return gateway;
}

test("a template without any function keeps connections, answers pings and feeds a queue", async () => {
  const gateway = await served(TEMPLATE.replace("ACTION", "dynamodb:PutItem"));

  const client = await gateway.connect({ query: { room: "tea" } });
  const { connectionId } = client;
  expect(await gateway.table("Connections").items()).toEqual([{ id: connectionId, room: "tea" }]);
  client.sendJson({ action: "ping" });
  expect(await client.nextJson()).toEqual({ type: "pong" });
  client.sendJson({ action: "order", what: "tea" });
  expect(await gateway.fact("integration.answered", { routeKey: "order" })).toMatchObject({
    target: "sqs SendMessage",
    isRecorded: true,
  });
  await client.close();
  await gateway.settled();
  expect(await gateway.table("Connections").items()).toEqual([]);
});

test("rejects what the role of an integration does not allow as the service does", async () => {
  const gateway = await served(TEMPLATE.replace("ACTION", "dynamodb:GetItem"));

  const handshake = await gateway.handshake();

  expect(handshake).toMatchObject({ kind: "refused", statusCode: 500 });
  expect(await gateway.fact("permission.missing")).toMatchObject({ action: "dynamodb:PutItem" });
  expect(await gateway.fact("integration.answered")).toMatchObject({
    outcome: { statusCode: 400, body: expect.stringContaining("AccessDeniedException") },
  });
});

test("a role that API Gateway may not assume calls nothing", async () => {
  const gateway = await served(
    TEMPLATE.replace("apigateway.amazonaws.com", "lambda.amazonaws.com"),
  );

  expect(await gateway.handshake()).toMatchObject({ kind: "refused", statusCode: 500 });
  expect(gateway.facts("integration.called")).toEqual([]);
});

const PRIVATE = `
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: direct, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action }
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Api, StageName: dev, StageVariables: { link: !Ref Link } }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network }
  Link:
    Type: AWS::ApiGateway::VpcLink
    Properties: { Name: inside, TargetArns: [!Ref Balancer] }
  Ask:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: HTTP_PROXY
      IntegrationMethod: POST
      IntegrationUri: !Sub http://\${Balancer.DNSName}/in
      ConnectionType: VPC_LINK
      ConnectionId: !Ref Link
  Asks:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: ask, Target: !Sub "integrations/\${Ask}" }
`;

test.each(["!Ref Link", '"${stageVariables.link}"'])(
  "a private integration by %s goes to the URL that vpcLinks has for the logical id",
  async (id) => {
    const written = project({
      "template.yaml": PRIVATE.replace("ConnectionId: !Ref Link", `ConnectionId: ${id}`),
      "wsgw.config.json": JSON.stringify({
        template: "template.yaml",
        vpcLinks: { Link: "http://127.0.0.1:1" },
      }),
    });
    const gateway = await startGateway(written.path("wsgw.config.json"));
    onTestFinished(() => stopChecked(gateway));
    const client = await gateway.connect();
    client.send('{"action":"ask"}');

    const { outcome } = await gateway.fact("integration.answered");
    expect(outcome).toMatchObject({
      kind: "failed",
      because: expect.stringContaining("http://127.0.0.1:1 is unreachable"),
    });
  },
);

test("VPC_LINK without the ID of a VPC link is an error with its place", async () => {
  const template = project({
    "template.yaml": PRIVATE.replace("      ConnectionId: !Ref Link\n", ""),
  }).path("template.yaml");

  await expect(startGateway({ template })).rejects.toThrow(
    /template\.yaml:\d+:\d+: Resources\.Ask\.Properties\.ConnectionType: VPC_LINK needs ConnectionId/,
  );
});
