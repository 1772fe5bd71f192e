import type { Environment, FunctionSpec, Report, StartEnvironment } from "../environment.ts";

/** The debugger address of a function's environment. */
export type Inspected = {
  readonly functionName: string;
  readonly port: number;
  /** For clients of the inspector protocol: `ws://127.0.0.1:PORT/UUID`. */
  readonly url: string;
};

const ADDRESS = /^Debugger listening on (ws:\/\/\S+:(\d+)\/\S+)/;
/** Node's own messages about its inspector on stderr, which are not output of the handlers. */
const ABOUT_INSPECTOR =
  /^(Debugger (listening on|ending on|attached)|For help, see: https:\/\/nodejs\.org|Waiting for the debugger to disconnect)/;

/**
 * Starts environments with an inspector, each function's on its own port. The port stays the same for the
 * next environment, which therefore waits until the previous one has ended.
 */
export function createInspected(options: {
  readonly start: StartEnvironment;
  /** The port for a function; 0 takes any free port and keeps it. */
  readonly portOf: (functionName: string) => number;
  readonly onListening: (inspected: Inspected) => void;
  /** An environment that had run an event broke: nothing listens until another starts. */
  readonly onBroken: (functionName: string) => void;
}): StartEnvironment {
  const ports = new Map<string, number>();
  const latest = new Map<string, Promise<void>>();

  return (spec, report) => {
    let child: Environment | undefined;
    let stopping = false;
    let hasRun = false;
    let isBroken = false;
    let waiting: Parameters<Environment["run"]>[0] | undefined;
    let resolveGone = () => {};
    const gone = new Promise<void>((resolve) => {
      resolveGone = resolve;
    });
    const before = latest.get(spec.name) ?? Promise.resolve();
    latest.set(spec.name, gone);
    void before.then(begin);

    return {
      run(event) {
        hasRun = true;
        if (child === undefined) waiting = event;
        else child.run(event);
      },
      async stop() {
        stopping = true;
        await child?.stop();
        if (child === undefined) await before;
      },
    };

    function begin(): void {
      if (stopping) {
        report({ kind: "ended", end: { kind: "signalled", signal: "SIGKILL" } });
        resolveGone();
        return;
      }
      const debugPort = ports.get(spec.name) ?? options.portOf(spec.name);
      child = options.start({ ...spec, debugPort }, hear);
      if (waiting !== undefined) child.run(waiting);
    }

    function hear(heard: Report): void {
      const said = heard.kind === "logged" && heard.stream === "stderr" ? heard.text : "";
      if (ABOUT_INSPECTOR.test(said)) {
        noteAddress(spec, said);
        return;
      }
      // Asked first, because listeners of the report stop what is left of the environment.
      const breaks = heard.kind === "ended" || (heard.kind === "failed" && heard.leaving);
      if (breaks && !stopping && hasRun) isBroken = true;
      report(heard);
      if (heard.kind !== "ended") return;
      resolveGone();
      if (isBroken) options.onBroken(spec.name);
    }
  };

  function noteAddress({ name }: FunctionSpec, said: string): void {
    const [, url, port] = ADDRESS.exec(said) ?? [];
    if (url === undefined) return;
    ports.set(name, Number(port));
    options.onListening({ functionName: name, port: Number(port), url });
  }
}
