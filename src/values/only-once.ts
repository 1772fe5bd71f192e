/** A function that runs `run` at its first call, and returns the same at all later ones. */
export function onlyOnce<Result extends object>(run: () => Result): () => Result {
  let result: Result | undefined;
  return () => {
    result ??= run();
    return result;
  };
}
