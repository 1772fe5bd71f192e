/** Maximum environments of all functions together, unless a single function may have more. */
const MOST = 16;

/** Limits the environments of all functions together; the least recently used end first. */
export type EnvironmentCap = {
  /** An environment started. */
  started(environment: object): void;
  /** An environment became idle; `end` ends it and calls `ended`. */
  idle(environment: object, end: () => void): void;
  /** An idle environment runs an event. */
  busy(environment: object): void;
  /** An environment has ended, or is about to. */
  ended(environment: object): void;
};

/** Settings of the cap. */
export type CapSettings = {
  /** Maximum environments of all functions together, at least `maxEnvironments`. Default 16. */
  readonly maxTotal: number;
  /** Maximum environments of one function. */
  readonly maxEnvironments: number;
};

/** Creates the cap that all pools share. Environments that run events never end because of it. */
export function createEnvironmentCap({
  maxTotal = MOST,
  maxEnvironments,
}: Partial<Pick<CapSettings, "maxTotal">> & Pick<CapSettings, "maxEnvironments">): EnvironmentCap {
  const most = Math.max(maxTotal, maxEnvironments);
  const alive = new Set<object>();
  /** In the order in which they became idle. */
  const idle = new Map<object, () => void>();

  function trim(): void {
    const count = surplus(alive.size, idle.size, most);
    for (const end of [...idle.values()].slice(0, count)) end();
  }

  return {
    started(environment) {
      alive.add(environment);
      trim();
    },
    idle(environment, end) {
      if (!alive.has(environment)) return;
      idle.set(environment, end);
      trim();
    },
    busy(environment) {
      idle.delete(environment);
    },
    ended(environment) {
      idle.delete(environment);
      alive.delete(environment);
    },
  };
}

/**
 * Number of idle environments to end, so that at most `most` of all functions are left. Busy ones continue:
 * more than `most` simultaneous events get their environments, which end when they become idle.
 */
export function surplus(alive: number, idle: number, most: number): number {
  return Math.max(0, Math.min(idle, alive - most));
}
