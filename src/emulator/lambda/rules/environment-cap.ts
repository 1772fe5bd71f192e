/**
 * How many idle environments have to end, so that no more than `most` of all functions are left. Those that run
 * an event go on: more events at a time than `most` have their environments, and these end when they are idle.
 */
export function surplus(alive: number, idle: number, most: number): number {
  return Math.max(0, Math.min(idle, alive - most));
}
