/**
 * How often a test with generated inputs runs: `count` times in CI (CI=true), a fifth of that elsewhere. Seeds are fixed, so
 * these are the first inputs of the same sequence.
 */
export function rounds(count: number): number {
  return process.env.CI === "true" ? count : Math.ceil(count / 5);
}

/** Generated inputs that have no seed: all of them in CI (CI=true), each fifth elsewhere. */
export function sampled<Input>(inputs: readonly Input[]): readonly Input[] {
  return process.env.CI === "true" ? inputs : inputs.filter((_, at) => at % 5 === 0);
}
