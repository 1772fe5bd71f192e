import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "../listen.ts";
import { s3Answer } from "./s3-stub.ts";

const STACK_ID = "arn:aws:cloudformation:us-east-1:123456789012:stack/chat/d8a405b0-ae9c-11e9";

export type StubEvent = {
  readonly id: string;
  readonly logicalId: string;
  readonly type?: string;
  readonly status: string;
  readonly reason?: string;
  readonly physicalId?: string;
  readonly stackId?: string;
};

/** What one look at the stack shows; the next look shows the next. */
export type Look = { readonly status: string; readonly events?: readonly StubEvent[] };

export type Script = {
  /** The stack that is there at first. */
  readonly stack?: { readonly status: string; readonly reason?: string; readonly tags?: boolean };
  readonly events?: readonly StubEvent[];
  readonly changeSet?: {
    readonly status?: string;
    readonly reason?: string;
    readonly changes?: readonly {
      readonly action: string;
      readonly logicalId: string;
      readonly type: string;
      readonly replacement?: string;
      readonly properties?: readonly string[];
    }[];
  };
  /** What follows what is under way at first. */
  readonly attached?: readonly Look[];
  readonly execution?: readonly Look[];
  readonly deletion?: readonly Look[];
  /** A resource that a deletion leaves as its template says. */
  readonly skipped?: string;
  /** Actions that are refused so many times, as being too many. */
  readonly throttle?: Readonly<Record<string, number>>;
  /** Actions that are refused once, with code and message. */
  readonly reject?: Readonly<Record<string, readonly [string, string]>>;
  /** Keys whose upload fails. */
  readonly failedUploads?: RegExp;
  /** Keys that may not be removed. */
  readonly failedRemovals?: RegExp;
  readonly bucketRegion?: string;
  /** What the stack was made from. Default: `{}`. */
  readonly template?: string;
  /** Called with each action, before it is answered. */
  readonly onCall?: (action: string) => void;
};

export type Stub = {
  readonly url: string;
  /** Actions of CloudFormation and STS with their parameters, in the order of their calls. */
  readonly calls: readonly { readonly action: string; readonly parameters: URLSearchParams }[];
  actions(): readonly string[];
  /** Keys in the bucket. */
  readonly objects: ReadonlyMap<string, Buffer>;
};

/** CloudFormation, STS and S3 that follow a script and answer in the shapes of the real ones. */
export async function startStub(script: Script): Promise<Stub> {
  let stack = script.stack;
  let looks: Look[] = [...(script.attached ?? [])];
  const events: StubEvent[] = [...(script.events ?? [])];
  const times = new Map<string, number>();
  const calls: { action: string; parameters: URLSearchParams }[] = [];
  const objects = new Map<string, Buffer>();
  const throttled = new Map(Object.entries(script.throttle ?? {}));
  const rejected = new Map(Object.entries(script.reject ?? {}));

  const actions: Record<string, (parameters: URLSearchParams) => string> = {
    GetCallerIdentity: () =>
      result(
        "GetCallerIdentity",
        "<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/ann</Arn>",
      ),
    DescribeStacks(parameters) {
      const look = looks.shift();
      if (look !== undefined) {
        stack = { ...stack, status: look.status };
        events.push(...(look.events ?? []));
      }
      const gone = stack === undefined || stack.status === "DELETE_COMPLETE";
      const byId = parameters.get("StackName") === STACK_ID;
      if (stack === undefined || (gone && !byId)) throw missing(parameters);
      return result("DescribeStacks", `<Stacks><member>${stackXml(stack)}</member></Stacks>`);
    },
    DescribeStackEvents(parameters) {
      const asked = parameters.get("StackName") ?? "";
      const shown = events.filter(
        ({ stackId = STACK_ID }) =>
          [stackId, "chat"].includes(asked) || (asked === "chat" && stackId === STACK_ID),
      );
      if (shown.length === 0 && stack === undefined) throw missing(parameters);
      const members = [...shown].reverse().map((event) => {
        const at = times.get(event.id) ?? times.size + 1;
        times.set(event.id, at);
        return eventXml(event, at);
      });
      return result("DescribeStackEvents", `<StackEvents>${members.join("")}</StackEvents>`);
    },
    CreateChangeSet(parameters) {
      stack ??= { status: "REVIEW_IN_PROGRESS" };
      if (stack.status === "DELETE_COMPLETE") stack = { status: "REVIEW_IN_PROGRESS" };
      const name = parameters.get("ChangeSetName");
      const id = `arn:aws:cloudformation:us-east-1:123456789012:changeSet/${name}/1`;
      return result("CreateChangeSet", `<Id>${id}</Id><StackId>${STACK_ID}</StackId>`);
    },
    DescribeChangeSet() {
      const { status = "CREATE_COMPLETE", reason, changes = [] } = script.changeSet ?? {};
      const members = changes.map(changeXml).join("");
      return result(
        "DescribeChangeSet",
        `<Status>${status}</Status><ExecutionStatus>${status === "FAILED" ? "UNAVAILABLE" : "AVAILABLE"}</ExecutionStatus>${reason === undefined ? "" : `<StatusReason>${reason}</StatusReason>`}<Changes>${members}</Changes>`,
      );
    },
    ExecuteChangeSet() {
      looks = [...(script.execution ?? [])];
      return result("ExecuteChangeSet", "");
    },
    DeleteChangeSet: () => result("DeleteChangeSet", ""),
    DeleteStack() {
      if (stack?.status === "REVIEW_IN_PROGRESS") stack = undefined;
      else looks = [...(script.deletion ?? [])];
      return result("DeleteStack", "");
    },
    ListStackResources: () =>
      result(
        "ListStackResources",
        `<StackResourceSummaries>${resourcesXml(script.skipped)}</StackResourceSummaries>`,
      ),
    GetTemplate: () =>
      result("GetTemplate", `<TemplateBody>${script.template ?? "{}"}</TemplateBody>`),
  };

  const server = createServer(async (request, response) => {
    const body = await read(request);
    const text = body.toString("utf8");
    const isQuery = request.method === "POST" && text.includes("Action=");
    if (!isQuery) return s3Answer(request, body, response, objects, script);
    const parameters = new URLSearchParams(text);
    const action = parameters.get("Action") ?? "";
    calls.push({ action, parameters });
    script.onCall?.(action);
    const left = throttled.get(action) ?? 0;
    if (left > 0) {
      throttled.set(action, left - 1);
      return send(response, 400, errorXml("Throttling", "Rate exceeded"));
    }
    const rejection = rejected.get(action);
    if (rejection !== undefined) {
      rejected.delete(action);
      return send(response, 400, errorXml(...rejection));
    }
    try {
      const answer = actions[action];
      if (answer === undefined) throw new Rejected("InvalidAction", action);
      send(response, 200, answer(parameters));
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      send(response, 400, errorXml(error.code, error.message));
    }
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  return { url, calls, actions: () => calls.map(({ action }) => action), objects };
}

class Rejected extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

function missing(parameters: URLSearchParams): Rejected {
  return new Rejected(
    "ValidationError",
    `Stack with id ${parameters.get("StackName")} does not exist`,
  );
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, { "content-type": "text/xml" }).end(xml);
}

function result(action: string, xml: string): string {
  return `<${action}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${action}Result>${xml}</${action}Result><ResponseMetadata><RequestId>b9b4b068-3a41-11e5-94eb-example</RequestId></ResponseMetadata></${action}Response>`;
}

function errorXml(code: string, message: string): string {
  return `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
}

function stackXml({ status, reason, tags }: NonNullable<Script["stack"]>): string {
  const why = reason === undefined ? "" : `<StackStatusReason>${reason}</StackStatusReason>`;
  const tag = tags ? "<Tags><member><Key>team</Key><Value>red</Value></member></Tags>" : "";
  const url = "wss://abc.execute-api.us-east-1.amazonaws.com/v1";
  return `<StackId>${STACK_ID}</StackId><StackName>chat</StackName><CreationTime>2026-11-23T00:00:00Z</CreationTime><StackStatus>${status}</StackStatus>${why}<Outputs><member><OutputKey>WebSocketUrl</OutputKey><OutputValue>${url}</OutputValue></member></Outputs>${tag}`;
}

function eventXml(event: StubEvent, at: number): string {
  const type = event.type ?? "AWS::CloudFormation::Stack";
  const stackId = event.stackId ?? STACK_ID;
  const physicalId = event.physicalId ?? (event.type === undefined ? stackId : "");
  const reason =
    event.reason === undefined
      ? ""
      : `<ResourceStatusReason>${event.reason}</ResourceStatusReason>`;
  const time = new Date(Date.UTC(2026, 10, 23) + order(event.id, at)).toISOString();
  return `<member><EventId>${event.id}</EventId><StackId>${stackId}</StackId><StackName>chat</StackName><LogicalResourceId>${event.logicalId}</LogicalResourceId><PhysicalResourceId>${physicalId}</PhysicalResourceId><ResourceType>${type}</ResourceType><Timestamp>${time}</Timestamp><ResourceStatus>${event.status}</ResourceStatus>${reason}</member>`;
}

/** Ids are numbers, or begin with one: the order in which the events happened. */
function order(id: string, otherwise: number): number {
  return (Number.parseInt(id, 10) || otherwise) * 1000;
}

type Changed = NonNullable<NonNullable<Script["changeSet"]>["changes"]>[number];

function changeXml({ action, logicalId, type, replacement, properties = [] }: Changed): string {
  const how = replacement === undefined ? "" : `<Replacement>${replacement}</Replacement>`;
  const details = properties.map(
    (name) =>
      `<member><Target><Attribute>Properties</Attribute><Name>${name}</Name></Target></member>`,
  );
  return `<member><Type>Resource</Type><ResourceChange><Action>${action}</Action><LogicalResourceId>${logicalId}</LogicalResourceId><ResourceType>${type}</ResourceType>${how}<Details>${details.join("")}</Details></ResourceChange></member>`;
}

function resourcesXml(skipped: string | undefined): string {
  const others =
    skipped === undefined
      ? ""
      : `<member><LogicalResourceId>${skipped}</LogicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType><ResourceStatus>DELETE_SKIPPED</ResourceStatus></member>`;
  return `${others}<member><LogicalResourceId>Connections</LogicalResourceId><PhysicalResourceId>chat-Connections-1</PhysicalResourceId><ResourceType>AWS::DynamoDB::Table</ResourceType><ResourceStatus>DELETE_FAILED</ResourceStatus><ResourceStatusReason>Table is protected</ResourceStatusReason></member>`;
}
