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
  news: {
    routeResponse: true,
    integration: {
      ...allowed,
      uri: uri("sns:path//"),
      requestParameters: FORM,
      requestTemplates: {
        $default: `Action=Publish&TopicArn=$util.urlEncode('arn:aws:sns:us-east-1:${ACCOUNT}:news')&Message=$util.urlEncode($input.path('$.what'))`,
      },
    },
  },
  start: {
    routeResponse: true,
    integration: {
      ...allowed,
      uri: uri("states:action/StartExecution"),
      requestTemplates: {
        $default: `{"stateMachineArn":"arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:orders","input":"$util.escapeJavaScript($input.json('$')).replaceAll("\\\\'","'")"}`,
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
  "integrations call the local endpoints of services",
  { timeout: 2 * START_MS }, // the AWS CLI takes seconds for each call
  () => {
    const moto = useMoto();

    async function connected() {
      const endpoints = Object.fromEntries(
        ["sqs", "sns", "states", "events", "kinesis", "s3"].map((service) => [service, moto.url]),
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

    test("a message of a topic reaches its queue, and an execution has its input", async () => {
      const queue = `arn:aws:sqs:us-east-1:${ACCOUNT}:of-news`;
      const role = `arn:aws:iam::${ACCOUNT}:role/states`;
      const pass = JSON.stringify({ StartAt: "Go", States: { Go: { Type: "Pass", End: true } } });
      await moto.aws("sqs", "create-queue", "--queue-name", "of-news");
      const { TopicArn } = await moto.aws("sns", "create-topic", "--name", "news");
      await moto.aws(
        ...["sns", "subscribe", "--topic-arn", TopicArn, "--protocol", "sqs"],
        ...["--notification-endpoint", queue],
      );
      await moto.aws(
        ...["stepfunctions", "create-state-machine", "--name", "orders", "--role-arn", role],
        ...["--definition", pass],
      );
      const { client } = await connected();

      client.sendJson({ action: "news", what: "tea" });
      expect(await client.next()).toContain("MessageId");
      client.sendJson({ action: "start", what: "it's tea" });
      const started = (await client.nextJson()) as { readonly executionArn: string };

      const { Messages: messages } = await moto.aws(
        ...["sqs", "receive-message", "--queue-url", `${moto.url}/${ACCOUNT}/of-news`],
      );
      expect(JSON.parse(messages[0].Body)).toMatchObject({ Message: "tea", TopicArn });
      const { input } = await moto.aws(
        ...["stepfunctions", "describe-execution", "--execution-arn", started.executionArn],
      );
      expect(JSON.parse(input)).toMatchObject({ what: "it's tea" });
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
