import { JavaException } from "./java-values.ts";

/** How long a template may take. */
export const MOST_MS = 5000;
const MOST_STEPS = 300_000;
const LONGEST_OUTPUT = 1_000_000;
/** The same as `velocimacro.max.depth`. */
const DEEPEST_CALL = 20;
/** Numbers of a range. */
export const LONGEST_RANGE = 100_000;
/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
export const MOST_ITERATIONS = 1000;
/** Maximum length of strings and lists; Java would run out of memory much later. */
export const MOST = 1_000_000;

/** Throws if a string or a list exceeds that maximum. */
export function withinMemory<T extends { readonly length: number }>(made: T): T {
  if (made.length > MOST) throw new JavaException("OutOfMemoryError");
  return made;
}

/** What a rendering has used, so that a template ends for every message. Methods return what is exceeded. */
export class TemplateLimits {
  #length = 0;
  #steps = 0;
  #depth = 0;

  step(): string | undefined {
    this.#steps += 1;
    return this.#steps > MOST_STEPS
      ? `the template takes more than ${MOST_STEPS} steps`
      : undefined;
  }

  /** Output of this length is a step, too. */
  print(length: number): string | undefined {
    this.#steps += 1;
    this.#length += length;
    return this.#length > LONGEST_OUTPUT
      ? `the template's output exceeds ${LONGEST_OUTPUT} characters`
      : undefined;
  }

  /** A call within the current one; `leave` ends it. */
  enter(what: string): string | undefined {
    if (this.#depth === DEEPEST_CALL) {
      return `${what} calls itself more than ${DEEPEST_CALL} levels deep`;
    }
    this.#depth += 1;
    return undefined;
  }

  leave(): void {
    this.#depth -= 1;
  }
}
