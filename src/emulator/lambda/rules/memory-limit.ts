/** What an environment's process has taken at most, in kB; `bareKb` before it had loaded anything of the function. */
export type MemoryUse = { readonly maxKb: number; readonly bareKb: number };

/**
 * MB that a process may take beyond the function's memory and what Node takes alone. Part of it is garbage that V8
 * has not collected yet and room that the allocator keeps; on Lambda both count in full, and Node as well.
 */
const MARGIN_MB = 64;

/**
 * Why an environment is ended for want of memory, of values outside of V8's heap, such as buffers; undefined when
 * it is not. Lambda kills the process when it takes more than the function's memory.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
 */
export function outgrown({ maxKb, bareKb }: MemoryUse, memoryMb: number): string | undefined {
  const tookMb = Math.round((maxKb - bareKb) / 1024);
  if (tookMb <= memoryMb + MARGIN_MB) return undefined;
  return `The function took ${tookMb} MB more than Node takes alone, and has ${memoryMb} MB. Raise its memory.`;
}
