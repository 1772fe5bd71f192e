import type { Code } from "./build-functions.ts";
import type { StartEnvironment } from "./lambda/environment-contract.ts";
import { writeCaBundle } from "./network/certificates/ca-bundle.ts";
import type { ConnectProxy, Lead } from "./network/connect-proxy.ts";
import { type Network, wayTo } from "./network/rules/hosts.ts";
import type { ProgramNetwork } from "./network/rules/program-network.ts";

/** Runs functions that are their own programs. */
export type ProgramHost = {
  /**
   * Prepares what programs in the code need, at the first of them: a project without programs pays nothing.
   * Undefined without programs.
   */
  prepare(code: Code): Promise<ProgramNetwork | undefined>;
  /** For programs that have been prepared. */
  readonly start: StartEnvironment;
  stop(): Promise<void>;
};

export function createProgramHost(parts: {
  readonly stateDir: string;
  readonly caPem: string;
  readonly network: () => Network;
}): ProgramHost {
  let opened: Promise<ProgramNetwork> | undefined;
  const caBundle = (): string => writeCaBundle(parts);
  let proxy: ConnectProxy | undefined;
  let start: StartEnvironment | undefined;

  async function open(): Promise<ProgramNetwork> {
    const file = caBundle();
    const [{ startConnectProxy }, { createRuntimeApi }] = await Promise.all([
      import("./network/connect-proxy.ts"),
      import("./lambda/runtime-api/runtime-api.ts"),
    ]);
    start = createRuntimeApi().start;
    proxy = await startConnectProxy((host, port) => lead(parts.network(), host, port));
    return { caBundle: file, proxy: proxy.url };
  }

  return {
    async prepare(code) {
      if ([...code.built.values()].some((built) => "command" in built)) {
        opened ??= open().catch((error: unknown) => {
          opened = undefined; // the next change of the code may succeed
          throw error;
        });
      }
      return opened;
    },
    start(spec, report) {
      if (start === undefined) throw new Error(`The program of ${spec.name} was not prepared.`);
      caBundle(); // marks it as still in use
      return start(spec, report);
    },
    async stop() {
      await opened?.catch(() => {}); // reported where it was awaited
      await proxy?.stop();
    },
  };
}

function lead(network: Network, host: string, port: number): Lead {
  const way = wayTo(network, host, port);
  switch (way.kind) {
    case "straight":
      return way;
    case "gateway":
      return { kind: "to", ...network.address };
    case "no-scheme":
      return { kind: "rejected", message: `${host} is not a host: the endpoint has no scheme.` };
    case "stopped":
      return {
        kind: "rejected",
        message: `wsgw stopped a connection to ${way.service} at ${host}:${port} before it left this machine.`,
      };
    default:
      return way satisfies never;
  }
}
