import { createHash } from "node:crypto";

/**
 * Draws for faults with a probability; without one every occurrence has the fault. A draw depends only on the
 * seed, the fault (`salt`), the occurrence's key and how often that key was drawn before, so that the order of
 * occurrences does not matter.
 */
export function createDraws(
  probability: number | undefined,
  seed: number,
  salt: number,
): (key: string) => boolean {
  const draws = new Map<string, number>();
  return (key) => {
    if (probability === undefined) return true;
    const earlier = draws.get(key) ?? 0;
    draws.set(key, earlier + 1);
    return draw(`${seed} ${salt} ${key} ${earlier}`) < probability;
  };
}

/** A number from 0 to 1 that depends only on the text. */
function draw(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}
