/** The environments of all functions together; those least recently used end when there are too many. */
export type EnvironmentCap = {
  /** One was started. */
  started(environment: object): void;
  /** One has no event to run from now on; `end` ends it. */
  idle(environment: object, end: () => void): void;
  /** One that was idle runs an event. */
  busy(environment: object): void;
  /** One has ended, or is about to. */
  ended(environment: object): void;
};

/** Creates the cap that all pools share: `most` environments, of which those that run events are never ended. */
export function createEnvironmentCap(most: number): EnvironmentCap {
  const alive = new Set<object>();
  /** In the order in which they became idle. */
  const idle = new Map<object, () => void>();

  function trim(): void {
    const count = surplus(alive.size, idle.size, most);
    for (const [environment, end] of [...idle].slice(0, count)) {
      idle.delete(environment);
      alive.delete(environment);
      end();
    }
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
 * How many idle environments have to end, so that no more than `most` of all functions are left. Those that run
 * an event go on: more events at a time than `most` have their environments, and these end when they are idle.
 */
export function surplus(alive: number, idle: number, most: number): number {
  return Math.max(0, Math.min(idle, alive - most));
}
