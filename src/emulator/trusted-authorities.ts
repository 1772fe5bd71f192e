import { existsSync } from "node:fs";
import type { FunctionPlace } from "./lambda/lambda-paths.ts";
import { localFile } from "./lambda/lambda-paths.ts";
import {
  pemIn,
  pemState,
  withoutThoseOfNode,
  writeAuthorities,
  writeCaBundle,
} from "./network/certificates/ca-bundle.ts";
import { AUTHORITY_VARIABLES } from "./network/rules/program-network.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** A function whose settings may contain its own authorities. */
type Truster = FunctionPlace & { readonly name: string; readonly environment: Variables };

type Parts = {
  readonly stateDir: string;
  readonly caPem: string;
  readonly caFile: string | undefined;
  readonly shell: Variables;
  readonly warn: (message: string) => void;
};

/**
 * The authorities that functions trust: the gateway's, those in the function's own settings, and those of the
 * shell. Behind a proxy that inspects TLS, nothing is reachable without the shell's.
 */
export class TrustedAuthorities {
  readonly #parts: Parts;
  /** Written files, by the files whose authorities are in them. */
  readonly #written = new Map<string, string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The file with the authorities that a Node function trusts in addition to Node's. */
  addedFor(fn: Truster): string | undefined {
    const { stateDir, caPem, caFile } = this.#parts;
    const files = this.#named(fn, ["NODE_EXTRA_CA_CERTS"]);
    const states = files.flatMap((file) => pemState(file) ?? []);
    if (states.length === 0) return caFile;
    return this.#once(states, () =>
      writeAuthorities(stateDir, [caPem, ...states].join("\n"), () =>
        withoutThoseOfNode(`${caPem}${files.map(pemIn).join("")}\n`),
      ),
    );
  }

  /** The file with all authorities that a function in another language trusts, including the system's. */
  allFor(fn: Truster): string {
    const { stateDir, caPem } = this.#parts;
    const files = this.#named(fn, AUTHORITY_VARIABLES);
    return this.#once(["system", ...files], () =>
      writeCaBundle({ stateDir, caPem: `${caPem}${files.map(pemIn).join("")}` }),
    );
  }

  /** Writes the file with the same authorities once for all functions. */
  #once(files: readonly string[], write: () => string): string {
    const key = files.join("\n");
    const written = this.#written.get(key) ?? write();
    this.#written.set(key, written);
    return written;
  }

  #named(fn: Truster, names: readonly string[]): readonly string[] {
    const files = names.flatMap((name) => {
      const value = fn.environment[name];
      if (!value) return [];
      const file = localFile(fn, value);
      if (existsSync(file)) return [file];
      this.#parts.warn(
        `Function "${fn.name}" sets ${name} to ${value}, which does not exist. The variable has no effect.`,
      );
      return [];
    });
    const shells = names.flatMap((name) => this.#parts.shell[name] || []);
    return [...new Set([...shells, ...files])];
  }
}
