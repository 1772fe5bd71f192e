/** Time for work to end. */
export class Grace {
  readonly #ms: number;
  readonly #until: number;
  #timer: NodeJS.Timeout | undefined;
  /** Undefined when nothing is waited for. */
  #giveUp: (() => void) | undefined;

  /** `ms` from each renewal on, and `mostMs` in all. */
  constructor(ms: number, mostMs: number) {
    this.#ms = ms;
    this.#until = performance.now() + mostMs;
  }

  /** Whether the work has ended in time. */
  async for(work: Promise<unknown>): Promise<boolean> {
    const limit = new Promise<boolean>((resolve) => {
      this.#giveUp = () => resolve(false);
    });
    this.renew();
    try {
      return await Promise.race([work.then(() => true), limit]);
    } finally {
      this.#giveUp = undefined;
      clearTimeout(this.#timer);
    }
  }

  /** Some of the work has ended: the rest gets its time anew. */
  renew(): void {
    if (this.#giveUp === undefined) return;
    clearTimeout(this.#timer);
    const left = Math.max(0, this.#until - performance.now());
    this.#timer = setTimeout(this.#giveUp, Math.min(this.#ms, left));
  }
}
