import { STYLES, type Style } from "../unchanged-chat.ts";
import { testStyles } from "./unchanged-styles.ts";

/** Styles once more, where no package is found but those that wsgw brings along. */
const ALONE: readonly Style[] = [
  { style: "no packages of its own, ES modules", folder: "sdk-v3-modules", alone: true },
  { style: "no packages of its own, CommonJS", folder: "execute-api-host", alone: true },
  { style: "no packages of its own, TypeScript", folder: "typescript", alone: true },
];

testStyles([...STYLES.filter(({ usesAwsCli }) => !usesAwsCli), ...ALONE]);
