/** A time limit for work, which starts again when a part of the work ends. */
export class RenewableLimit {
  readonly #ms: number;
  readonly #until: number;
  #timer: NodeJS.Timeout | undefined;
  /** Undefined while nothing is awaited. */
  #giveUp: (() => void) | undefined;

  /** `ms` after each renewal, and `mostMs` in total. */
  constructor(ms: number, mostMs: number) {
    this.#ms = ms;
    this.#until = performance.now() + mostMs;
  }

  /** Whether the work ended in time. */
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

  /** Some of the work has ended, so the rest gets its full time again. */
  renew(): void {
    if (this.#giveUp === undefined) return;
    clearTimeout(this.#timer);
    const left = Math.max(0, this.#until - performance.now());
    this.#timer = setTimeout(this.#giveUp, Math.min(this.#ms, left));
  }
}
