/** The HTTP requests of in-process handlers that have no response yet. */
export type PendingCalls = {
  /** Counts a request; the returned function ends it, and further calls of it have no effect. */
  begin(): () => void;
  count(): number;
  /** The local ports of their connections. */
  readonly ports: Set<number>;
  /** Resolves when none is left. */
  idle(): Promise<void>;
};

export function createPendingCalls(): PendingCalls {
  const whenIdle: (() => void)[] = [];
  let open = 0;

  return {
    begin() {
      let isOpen = true;
      open += 1;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        open -= 1;
        if (open === 0) for (const resolve of whenIdle.splice(0)) resolve();
      };
    },
    count: () => open,
    ports: new Set(),
    async idle() {
      if (open > 0) await new Promise<void>((resolve) => whenIdle.push(resolve));
    },
  };
}
