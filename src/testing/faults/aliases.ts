import type { Journal } from "../../emulator/facts.ts";

/** Aliases for connections that are the same in every run of a test, unlike ids. */
export type Aliases = {
  /** Assigns aliases to handshakes from now on. */
  follow(journal: Journal): void;
  /** `client 1` for the first handshake, and so on. */
  nameOf(connectionId: string): string;
  /** The text with aliases instead of ids. */
  rename(text: string): string;
};

export function createAliases(): Aliases {
  const names = new Map<string, string>();
  const add = (connectionId: string): string => {
    const name = names.get(connectionId) ?? `client ${names.size + 1}`;
    names.set(connectionId, name);
    return name;
  };
  return {
    follow(journal) {
      journal.subscribe((entry) => {
        if (entry.type === "connection.requested") add(entry.connectionId);
      });
    },
    nameOf: add,
    rename(text) {
      let renamed = text;
      for (const [id, name] of names) renamed = renamed.replaceAll(id, name);
      return renamed;
    },
  };
}
