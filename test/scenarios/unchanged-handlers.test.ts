import { STYLES } from "../unchanged-chat.ts";
import { testStyles } from "./unchanged-styles.ts";

/** One of each kind: both SDKs, requests signed by hand, Python. The others are in unchanged-handlers.journey.test.ts. */
const ONE_OF_EACH = [
  "SDK v3, TypeScript",
  "SDK v2, callbacks",
  "fetch, signed by hand",
  "Python, boto3",
];

testStyles(
  ONE_OF_EACH.map((name) => {
    const found = STYLES.find(({ style }) => style === name);
    if (found === undefined) throw new Error(`fixtures/unchanged has no chat "${name}".`);
    return found;
  }),
);
