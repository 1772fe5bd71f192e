import { describe, expect, onTestFinished, test } from "vitest";
import { type ProjectDefinition, startGateway } from "../../../src/testing/index.ts";
import { START_MS, skipped, useMoto } from "../../deploy/judges/moto.ts";

const ACCOUNT = "123456789012";
const uri = (rest: string) => `arn:aws:apigateway:us-east-1:${rest}`;
const allowed = {
  type: "aws",
  roleStatements: [{ Effect: "Allow", Action: "*", Resource: "*" }],
} as const;
const FORM = { "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'" };

const routes: ProjectDefinition["apis"][string]["routes"] = {
  order: {
    routeResponse: true,
    integration: {
      ...allowed,
      uri: uri(`sqs:path/${ACCOUNT}/orders`),
      requestParameters: FORM,
      requestTemplates: {
        $default:
          "Action=SendMessage&MessageAttribute.1.Name=connectionId&MessageAttribute.1.Value.StringValue=$context.connectionId&MessageAttribute.1.Value.DataType=String&MessageBody=$util.urlEncode($input.json('$'))",
      },
    },
  },
  event: {
    routeResponse: true,
    integration: {
      ...allowed,
      uri: uri("events:action/PutEvents"),
      requestTemplates: {
        $default:
          '{"Entries":[{"Source":"shop","DetailType":"order","Detail":"$util.escapeJavaScript($input.body)"}]}',
      },
    },
  },
  record: {
    routeResponse: true,
    integration: {
      ...allowed,
      uri: uri("kinesis:action/PutRecord"),
      requestTemplates: {
        $default:
          '{"StreamName":"orders","PartitionKey":"$context.connectionId","Data":"$util.base64Encode($input.body)"}',
      },
    },
  },
  object: {
    routeResponse: true,
    integration: {
      ...allowed,
      uri: uri("orders-bucket.s3:path/{key}"),
      method: "PUT",
      requestParameters: { "integration.request.path.key": "route.request.body.key" },
      requestTemplates: { $default: "$input.json('$.what')" },
    },
  },
};

describe.skipIf(skipped)(
  "integrations call what stands in for services",
  { timeout: START_MS },
  () => {
    const moto = useMoto();

    async function connected() {
      const endpoints = Object.fromEntries(
        ["sqs", "events", "kinesis", "s3"].map((service) => [service, moto.url]),
      );
      const gateway = await startGateway({
        name: "judged",
        accountId: ACCOUNT,
        apis: {
          judged: {
            routeSelectionExpression: "$request.body.action",
            stages: { dev: {} },
            routes,
          },
        },
        functions: {},
        endpoints,
      });
      onTestFinished(() => gateway.stop());
      const client = await gateway.connect();
      return { gateway, client };
    }

    test("an order is in the queue, as SQS has it", async () => {
      await moto.aws("sqs", "create-queue", "--queue-name", "orders");
      const { client } = await connected();

      client.sendJson({ action: "order", what: "tea & milk" });

      expect(await client.next()).toContain("MessageId");
      const QueueUrl = `${moto.url}/${ACCOUNT}/orders`;
      const { Messages: messages } = await moto.aws(
        ...["sqs", "receive-message", "--queue-url", QueueUrl],
        ...["--message-attribute-names", "All"],
      );
      expect(messages).toMatchObject([
        {
          Body: '{"action":"order","what":"tea & milk"}',
          MessageAttributes: { connectionId: { StringValue: client.connectionId } },
        },
      ]);
    });

    test("events, records and objects arrive where they are sent", async () => {
      await moto.aws("kinesis", "create-stream", "--stream-name", "orders", "--shard-count", "1");
      await moto.aws("s3api", "create-bucket", "--bucket", "orders-bucket");
      const { client } = await connected();

      client.sendJson({ action: "event" });
      expect(await client.nextJson()).toMatchObject({ FailedEntryCount: 0 });
      client.sendJson({ action: "record" });
      expect(await client.nextJson()).toMatchObject({ ShardId: "shardId-000000000000" });
      client.sendJson({ action: "object", key: "one", what: { tea: 1 } });
      await client.next();

      const { Contents: objects } = await moto.aws(
        "s3api",
        "list-objects",
        "--bucket",
        "orders-bucket",
      );
      expect(objects).toMatchObject([{ Key: "one", Size: '{"tea":1}'.length }]);
    });
  },
);
