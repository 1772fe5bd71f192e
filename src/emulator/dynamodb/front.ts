import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import zlib from "node:zlib";
import { createSigningKeys } from "../iam/rules/sign-request.ts";
import type { SecretFor } from "../iam/rules/verify-signature.ts";
import type { FactId, Recorder, Warning } from "../journal/journal.ts";
import { traceParent } from "../journal/trace-header.ts";
import { collectBody } from "../network/request-body.ts";
import {
  type ForeignCaller,
  foreignCaller,
  foreignMessage,
} from "../network/rules/page-of-another-site.ts";
import type { TableCall, TableStep } from "./calls.ts";
import type { DynamoDbFact } from "./facts.ts";
import { corsHeaders } from "./rules/cors-headers.ts";
import { readCall } from "./rules/read-call.ts";
import { type DynamoDbRejection, general, rejectionBody } from "./rules/rejections.ts";
import { unsupported } from "./rules/supported.ts";
import { nameTables } from "./rules/table-arns.ts";
import { tableWrites } from "./rules/table-write.ts";
import type { Store, StoreAnswer } from "./store.ts";

/** The entry point for all calls of the tables. */
export type DynamoDbFront = {
  readonly listener: RequestListener;
  /** Starts answering; earlier calls have waited. */
  open(store: Store): void;
};

export type FrontOptions = {
  /** The region of the project's tables. */
  readonly region: string;
  readonly accountId: string;
  readonly secretFor: SecretFor;
  readonly journal: Recorder<DynamoDbFact | Warning>;
  /** The `function.started` of the invocation that made a call, if known. */
  readonly invocationOf: (
    remotePort: number | undefined,
    traceParent: string | undefined,
    functionName: string | undefined,
  ) => FactId | undefined;
  /** The steps between a valid call and the store, outermost first. */
  readonly steps: readonly TableStep[];
};

const BODY_BYTES = 16 * 1024 * 1024;
const JSON_TYPE = /^application\/(x-amz-json-1\.0|json)$/;
/** Limits the memory of reported pages; each page is reported once. */
const MOST_REPORTED = 100;

type Answer = StoreAnswer & { readonly contentType?: string };
type Send = (answer: Answer) => void;

/**
 * Creates the handler of all table calls. It identifies caller, source and operation, rejects what the store
 * lacks, runs the steps and the store, and records what was written.
 */
export function createDynamoDbFront(options: FrontOptions): DynamoDbFront {
  const reject = createRejection(options.journal);
  const waiting: ((store: Store) => void)[] = [];
  const pipeline = createPipeline(options);
  let store: Store | undefined;

  return {
    listener(request, response) {
      const send = sender(request, response);
      const foreign = foreignCaller(request.headers, "dynamodb");
      if (foreign !== undefined) return reject(foreign, send);
      const { remotePort } = request.socket; // a closed socket no longer has it
      collectBody(request, BODY_BYTES, ({ body, isTooLarge }) => {
        const plain = isTooLarge ? TOO_LARGE : answerWithoutCall(request, body);
        if (plain !== undefined) send(plain);
        else if (store !== undefined) pipeline({ request, body, remotePort }, store, send);
        else waiting.push((opened) => pipeline({ request, body, remotePort }, opened, send));
      });
    },
    open(opened) {
      store = opened;
      for (const go of waiting.splice(0)) go(opened);
    },
  };
}

/** Rejects requests of web pages, and reports each page once. */
function createRejection(journal: FrontOptions["journal"]) {
  const reported = new Set<string>();
  return (caller: ForeignCaller, send: Send): void => {
    const message = foreignMessage(caller);
    if (!reported.has(message) && reported.size < MOST_REPORTED) {
      reported.add(message);
      journal.record({ type: "warning", message });
    }
    reject(general("AccessDeniedException", message, 403), send);
  };
}

/** A request with its body. */
type Received = {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  /** The client's port. */
  readonly remotePort: number | undefined;
};

/** Takes a call from its request to its response. */
type Pipeline = (received: Received, store: Store, send: Send) => void;

function createPipeline({
  region,
  accountId,
  secretFor,
  journal,
  invocationOf,
  steps,
}: FrontOptions): Pipeline {
  const reading = { home: region, secretFor, signingKeys: createSigningKeys(), traceParent };
  /** The key last verified on a connection. Verifying once is enough, and saves a tenth of a call's cost. */
  const verified = new WeakMap<Socket, string>();

  /** Runs the steps of a call from the given one on, and then the store. */
  function pass(call: TableCall, at: number, toStore: () => void, finish: Send): void {
    const step = steps[at];
    if (step === undefined) toStore();
    else {
      step(
        call,
        () => pass(call, at + 1, toStore, finish),
        (rejection) => reject(rejection, finish),
      );
    }
  }

  return ({ request, body, remotePort }, store, send) => {
    const { method = "", url = "", rawHeaders, headers, socket } = request;
    const read = readCall(
      { method, url, rawHeaders, headers, body },
      { isVerified: (accessKeyId) => verified.get(socket) === accessKeyId, ...reading },
    );
    if (read.kind === "rejected") return reject(read.rejection, send);
    verified.set(socket, read.call.accessKeyId);

    const named = nameTables(read.call.input, read.call.region, accountId);
    if (named.kind === "rejected") return reject(named.rejection, send);
    const { input, restore } = named;
    const { operation, functionName, traceParent: parent } = read.call;
    const because = invocationOf(remotePort, parent, functionName);
    const call = { because, ...read.call, input };

    const lacking = unsupported(operation, input);
    if (lacking !== undefined) {
      const { parameter, rejection } = lacking;
      journal.record(
        {
          type: "dynamodb.unsupported",
          operation,
          parameter,
          functionName,
          traceParent: parent,
        },
        because,
      );
      return reject(rejection, send);
    }

    const finish: Send = ({ statusCode, body: text }) => {
      const writer = { functionName, statusCode, traceParent: parent };
      for (const write of tableWrites(operation, input)) {
        journal.record({ type: "table.written", ...writer, ...write }, because);
      }
      send({ statusCode, body: statusCode === 200 && restore ? restore(text) : text });
    };
    const stored = { region: call.region, operation, input, mayNameProto: read.mayNameProto };
    pass(call, 0, () => store.perform(stored, finish), finish);
  };
}

const TOO_LARGE: Answer = { statusCode: 413, body: "" };
const HEALTHY = "healthy: dynamodb.us-east-1.amazonaws.com ";

/** The response to requests whose body need not be parsed. */
function answerWithoutCall({ method, headers }: IncomingMessage, body: Buffer): Answer | undefined {
  if (method === "OPTIONS" && headers.origin !== undefined) return { statusCode: 200, body: "" };
  if (method === "GET") return { statusCode: 200, body: HEALTHY, contentType: "text/plain" };
  const type = headers["content-type"]?.split(";")[0]?.trim() ?? "";
  if (method === "POST" && (body.length === 0 || JSON_TYPE.test(type))) return undefined;
  return { statusCode: 404, body: "<UnknownOperationException/>\n", contentType: "text/xml" };
}

function reject(rejection: DynamoDbRejection, send: Send): void {
  send({ statusCode: rejection.statusCode, body: rejectionBody(rejection) });
}

function sender({ headers }: IncomingMessage, response: ServerResponse): Send {
  return ({ statusCode, body, contentType }) => {
    if (response.destroyed) return;
    const asked = headers["content-type"]?.split(";")[0]?.trim();
    response.writeHead(statusCode, {
      "x-amzn-RequestId": requestId(),
      "x-amz-crc32": String(zlib.crc32(body)),
      "Content-Type":
        contentType ?? (asked === "application/json" ? asked : "application/x-amz-json-1.0"),
      "Content-Length": Buffer.byteLength(body),
      ...(headers.origin !== undefined && corsHeaders(headers, statusCode)),
    });
    response.end(body);
  };
}

/** 52 capital letters and digits, as DynamoDB's are. */
function requestId(): string {
  return `${randomUUID()}${randomUUID()}`.replaceAll("-", "").slice(0, 52).toUpperCase();
}
