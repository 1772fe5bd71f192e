import { Writable } from "node:stream";

/** The global `awslambda` that Lambda's Node runtimes provide to handlers. */
export type AwsLambda = {
  streamifyResponse(handler: object, options?: { readonly highWaterMark?: unknown }): object;
  readonly HttpResponseStream: {
    from(stream: ResponseStream, prelude: unknown): ResponseStream;
  };
};

/** Lambda's runtime marks and recognizes handlers with these symbols. */
const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");
const HIGH_WATER_MARK = Symbol.for("aws.lambda.runtime.handler.streaming.highWaterMark");

/** Separates the head of an HTTP response from its body. */
const DELIMITER = new Uint8Array(8);

/**
 * Undefined for a function that does not use it.
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client `UserFunction`, `HttpResponseStream`
 */
export function awsLambdaFor(
  environment: Readonly<Record<string, string | undefined>>,
): AwsLambda | undefined {
  if (/^(1|true)$/.test(environment.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA ?? "")) return undefined;
  return {
    streamifyResponse(handler, options) {
      const size = options?.highWaterMark;
      Object.assign(handler, { [STREAMING]: "response" });
      if (typeof size === "number") Object.assign(handler, { [HIGH_WATER_MARK]: Math.trunc(size) });
      return handler;
    },
    HttpResponseStream: {
      from(stream, prelude) {
        stream.setContentType("application/vnd.awslambda.http-integration-response");
        stream._onBeforeFirstWrite = (write) => {
          write(JSON.stringify(prelude));
          write(DELIMITER);
        };
        return stream;
      },
    },
  };
}

/** Whether a handler is a streaming one, which gets a stream before its context. */
export function isStreaming(handler: object): boolean {
  return (handler as { readonly [STREAMING]?: unknown })[STREAMING] === "response";
}

/**
 * The response of a streaming handler. It is used only when it has ended, because the invocation was not a
 * streaming one.
 */
export class ResponseStream extends Writable {
  _onBeforeFirstWrite: ((write: (chunk: string | Uint8Array) => void) => void) | undefined;
  readonly #chunks: Buffer[] = [];

  constructor(ended: (text: string) => void, failed: (error: Error) => void) {
    super();
    this.on("error", failed);
    this.once("finish", () => ended(Buffer.concat(this.#chunks).toString()));
  }

  /** Used only by function URLs, which do not exist here. */
  setContentType(_contentType: string): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this._onBeforeFirstWrite?.((head) => this.#chunks.push(Buffer.from(head as string)));
    this._onBeforeFirstWrite = undefined;
    this.#chunks.push(chunk);
    done();
  }
}
