import { STYLES, type Style } from "../unchanged-chat.ts";
import { testStyles } from "./unchanged-styles.ts";

// One of all those in unchanged-handlers.journey.test.ts.
testStyles([styleOf("SDK v2, callbacks")], ["in-process"]);

function styleOf(name: string): Style {
  const found = STYLES.find(({ style }) => style === name);
  if (found === undefined) throw new Error(`fixtures/unchanged has no chat "${name}".`);
  return found;
}
