import type { Action } from "./action-types.ts";

/** Actions run at once, except that later ones wait for an action on which they depend. */
export function createTurns(done: (action: Action) => Promise<unknown>) {
  let turn: Promise<unknown> | undefined;
  return (action: Action): Promise<unknown> => {
    const performed = turn === undefined ? done(action) : turn.then(() => done(action));
    if (turn !== undefined || IN_TURN.has(action.kind)) {
      const mine = performed.then(() => {
        if (turn === mine) turn = undefined;
      });
      turn = mine;
    }
    return performed;
  };
}

const IN_TURN: ReadonlySet<Action["kind"]> = new Set<Action["kind"]>([
  "open",
  "select",
  "file",
  "load",
  "expect",
  "wait",
]);
