import type { Environment, Report, StartEnvironment } from "../environment-contract.ts";

/** The debugger address of a function's environment. */
export type Inspected = {
  readonly functionName: string;
  readonly port: number;
  /** For clients of the inspector protocol: `ws://127.0.0.1:PORT/UUID`. */
  readonly url: string;
};

const ADDRESS = /Debugger listening on (ws:\/\/\S+:(\d+)\/\S+)/;
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
    const { name } = spec;
    const environment = new InspectedEnvironment({
      before: latest.get(name) ?? Promise.resolve(),
      start: (hear) =>
        options.start({ ...spec, debugPort: ports.get(name) ?? options.portOf(name) }, hear),
      report,
      onListening(port, url) {
        ports.set(name, port);
        options.onListening({ functionName: name, port, url });
      },
      onBroken: () => options.onBroken(name),
    });
    latest.set(name, environment.gone);
    return environment;
  };
}

type InspectedOptions = {
  /** Resolves when the function's previous environment has ended. */
  readonly before: Promise<void>;
  readonly start: (report: (report: Report) => void) => Environment;
  readonly report: (report: Report) => void;
  readonly onListening: (port: number, url: string) => void;
  readonly onBroken: () => void;
};

class InspectedEnvironment implements Environment {
  readonly #options: InspectedOptions;
  /** Undefined until the previous environment has ended. */
  #child: Environment | undefined;
  #waiting: Parameters<Environment["run"]>[0] | undefined;
  #isStopping = false;
  #hasRun = false;
  #isBroken = false;
  #resolveGone = () => {};
  /** Resolves when the environment has ended. */
  readonly gone = new Promise<void>((resolve) => {
    this.#resolveGone = resolve;
  });

  constructor(options: InspectedOptions) {
    this.#options = options;
    void options.before.then(() => this.#begin());
  }

  run(event: Parameters<Environment["run"]>[0]): void {
    this.#hasRun = true;
    if (this.#child === undefined) this.#waiting = event;
    else this.#child.run(event);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#child?.stop();
    if (this.#child === undefined) await this.#options.before;
  }

  #begin(): void {
    if (this.#isStopping) {
      this.#options.report({ kind: "ended", end: { kind: "signalled", signal: "SIGKILL" } });
      this.#resolveGone();
      return;
    }
    this.#child = this.#options.start((heard) => this.#hear(heard));
    if (this.#waiting !== undefined) this.#child.run(this.#waiting);
  }

  #hear(heard: Report): void {
    const { report, onListening, onBroken } = this.#options;
    const said = heard.kind === "logged" && heard.stream === "stderr" ? heard.text : "";
    if (ABOUT_INSPECTOR.test(said)) {
      const [, url, port] = ADDRESS.exec(said) ?? [];
      if (url !== undefined) onListening(Number(port), url);
      return;
    }
    // Asked first, because listeners of the report stop what is left of the environment.
    const breaks = heard.kind === "ended" || (heard.kind === "failed" && heard.leaving);
    if (breaks && !this.#isStopping && this.#hasRun) this.#isBroken = true;
    report(heard);
    if (heard.kind !== "ended") return;
    this.#resolveGone();
    if (this.#isBroken) onBroken();
  }
}
