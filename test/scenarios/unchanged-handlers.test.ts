import { STYLES, type Style } from "../unchanged-chat.ts";
import { testStyles } from "./unchanged-styles.ts";

// One of each kind: both SDKs, requests signed by hand, Python; two in each place where code runs. The
// others, and these in the other place, are in unchanged-handlers.journey.test.ts.
testStyles([styleOf("SDK v3, TypeScript"), styleOf("Python, boto3")], ["child-process"]);
testStyles([styleOf("SDK v2, callbacks"), styleOf("fetch, signed by hand")], ["in-process"]);

function styleOf(name: string): Style {
  const found = STYLES.find(({ style }) => style === name);
  if (found === undefined) throw new Error(`fixtures/unchanged has no chat "${name}".`);
  return found;
}
