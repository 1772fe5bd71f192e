import { format } from "node:util";
import { createLineSplitter } from "../../../../processes/lines.ts";

type Stream = "stdout" | "stderr";

/**
 * Passes output to `write` in order, one console call or written line each. Returns a function that writes
 * lines that have not ended yet.
 */
export function captureOutput(write: (stream: Stream, text: string) => void): () => void {
  const lines = {
    stdout: createLineSplitter((text) => write("stdout", text)),
    stderr: createLineSplitter((text) => write("stderr", text)),
  };
  const flush = () => {
    lines.stdout.flush();
    lines.stderr.flush();
  };
  const print = (stream: Stream) => {
    return (...values: unknown[]) => {
      lines[stream].flush();
      write(stream, format(...values));
    };
  };

  // Like Lambda's runtime, trace and debug print only their message.
  console.log = console.info = console.debug = console.trace = print("stdout");
  console.warn = console.error = print("stderr");
  captureStream("stdout", lines.stdout.push);
  captureStream("stderr", lines.stderr.push);
  return flush;
}

/** Replaces `write` of a standard stream when the code first uses the stream: creating one is slow. */
function captureStream(name: Stream, push: (chunk: string | Uint8Array) => void): void {
  const original = Object.getOwnPropertyDescriptor(process, name)?.get;
  if (original === undefined) return;
  let stream: NodeJS.WriteStream | undefined;
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get() {
      if (stream === undefined) {
        stream = original.call(process) as NodeJS.WriteStream;
        stream.write = ((
          chunk: string | Uint8Array,
          encoding?: BufferEncoding | (() => void),
          done?: () => void,
        ) => {
          const bytes = typeof chunk === "string" && typeof encoding === "string";
          push(bytes ? Buffer.from(chunk, encoding) : chunk);
          const callback = typeof encoding === "function" ? encoding : done;
          if (callback !== undefined) process.nextTick(callback);
          return true;
        }) as NodeJS.WriteStream["write"];
      }
      return stream;
    },
  });
}
