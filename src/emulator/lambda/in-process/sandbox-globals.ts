import { Console } from "node:console";
import { EventEmitter } from "node:events";
import { Writable } from "node:stream";
import { format } from "node:util";
import type { Clock } from "../../../clock.ts";
import { createLineSplitter } from "../../../processes/lines.ts";
import type { ProcessEnd } from "../../../processes/process-group.ts";
import type { FunctionSpec } from "../environment-contract.ts";
import { createTimers, type Timers } from "./sandbox-timers.ts";
import { createFakeTimers, type FakeTimers } from "./virtual-time.ts";

type Stream = "stdout" | "stderr";

/** Calls from in-process code to its environment. */
export type SandboxHooks = {
  readonly write: (stream: Stream, text: string) => void;
  readonly exit: (end: ProcessEnd) => void;
  /** A timer of the code threw an error. */
  readonly uncaught: (error: unknown) => void;
};

/** Globals of one environment. */
export type SandboxGlobals = Timers & {
  readonly timers: Timers;
  /** For the project's own files, if they do not use the machine's time. */
  readonly time: FakeTimers | undefined;
  readonly process: NodeJS.Process;
  readonly console: Console;
  /** Writes lines that have not ended yet. */
  flush(): void;
  /** Clears the code's remaining timers. */
  stop(): void;
};

/** Thrown by the code's own `process.exit()`, which must not return. */
const EXIT = Symbol();

/** Whether a value was thrown by `process.exit()`. */
export function isExit(thrown: unknown): boolean {
  return thrown === EXIT;
}

/** Creates globals that look like a process's and affect only the environment. */
export function createSandboxGlobals(
  spec: FunctionSpec,
  hooks: SandboxHooks,
  virtual?: Clock,
): SandboxGlobals {
  const lines = {
    stdout: createLineSplitter((text) => hooks.write("stdout", text)),
    stderr: createLineSplitter((text) => hooks.write("stderr", text)),
  };
  const streams = { stdout: toStream(lines.stdout.push), stderr: toStream(lines.stderr.push) };
  const uncaught = (error: unknown): void => {
    if (!isExit(error)) hooks.uncaught(error);
  };
  const { timers, stop } = createTimers(uncaught);
  const time = virtual === undefined ? undefined : createFakeTimers(virtual, timers, uncaught);

  return {
    ...timers,
    timers,
    time,
    process: createProcess(spec, streams, hooks),
    console: createConsole(streams, hooks.write),
    flush() {
      lines.stdout.flush();
      lines.stderr.flush();
    },
    stop() {
      stop();
      time?.stop();
    },
  };
}

function toStream(push: (chunk: Uint8Array) => void): Writable {
  const stream = new Writable();
  // Output appears at once, as in a process with synchronous output.
  stream._write = (chunk, _encoding, done) => {
    push(chunk);
    done();
  };
  return stream;
}

/** Prints each call as one string, which may contain line breaks, as Lambda's runtime does. */
function createConsole(
  streams: Record<Stream, Writable>,
  write: (stream: Stream, text: string) => void,
): Console {
  const own = new Console({ ...streams, colorMode: false });
  const print = (stream: Stream) => {
    return (...values: unknown[]) => write(stream, format(...values));
  };
  own.log = own.info = own.debug = own.trace = print("stdout");
  own.warn = own.error = print("stderr");
  return own;
}

function createProcess(
  spec: FunctionSpec,
  streams: Record<Stream, Writable>,
  hooks: SandboxHooks,
): NodeJS.Process {
  const events = new EventEmitter();
  const end = (how: ProcessEnd): never => {
    hooks.exit(how);
    throw EXIT;
  };
  const own: Record<PropertyKey, unknown> = {
    env: createVariables(spec.environment),
    ...streams,
    argv: [process.execPath, spec.code.file],
    execArgv: [],
    exitCode: undefined,
    cwd: () => spec.root,
    exit: (code?: number) => end({ kind: "exited", code: Number(code ?? own.exitCode ?? 0) }),
    abort: () => end({ kind: "signalled", signal: "SIGABRT" }),
    kill: (pid: number, signal: string | number = "SIGTERM") => {
      const isSent = signal !== 0; // signal 0 only checks whether the process exists
      if (isSent && pid === process.pid) return end({ kind: "signalled", signal: String(signal) });
      return process.kill(pid, signal);
    },
    emitWarning: (warning: string | Error) => {
      hooks.write("stderr", warning instanceof Error ? String(warning) : `Warning: ${warning}`);
    },
  };
  // The code's listeners must not hear or change events of this process.
  for (const name of EMITTER_METHODS) own[name] = events[name].bind(events);

  Object.setPrototypeOf(own, process); // for `instanceof` and inherited members
  return new Proxy(own, {
    get(target, key) {
      if (Object.hasOwn(target, key)) return Reflect.get(target, key);
      const value: unknown = Reflect.get(process, key);
      // Some functions have properties, as `hrtime` has `bigint`.
      return typeof value === "function" ? Object.assign(value.bind(process), value) : value;
    },
    // Otherwise a setter of the real process would be called.
    set: (target, key, value) =>
      Reflect.defineProperty(target, key, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      }),
  }) as unknown as NodeJS.Process;
}

const EMITTER_METHODS = [
  "on",
  "once",
  "off",
  "emit",
  "addListener",
  "removeListener",
  "removeAllListeners",
  "prependListener",
  "prependOnceListener",
  "listeners",
  "rawListeners",
  "listenerCount",
  "eventNames",
  "setMaxListeners",
  "getMaxListeners",
] as const;

/** Environment variables convert every assigned value to a string, as `process.env` does. */
function createVariables(initial: Readonly<Record<string, string>>): Record<string, string> {
  return new Proxy<Record<string, string>>(
    { ...initial },
    {
      set(target, name, value) {
        return Reflect.set(target, name, String(value));
      },
    },
  );
}
