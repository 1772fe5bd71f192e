import type { Journal } from "../../emulator/facts.ts";

/** Names for connections that are the same in every run of a test, as ids are not. */
export type Naming = {
  /** Hears from now on who asks to connect. */
  follow(journal: Journal): void;
  /** `client 1` for the first that asked to connect, and so on. */
  nameOf(connectionId: string): string;
  /** The text with such names in place of all ids. */
  rename(text: string): string;
};

export function createNaming(): Naming {
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
