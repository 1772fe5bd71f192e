// @module-tag journey
import { STYLES } from "../unchanged-chat.ts";
import { ALONE, testStyles } from "./unchanged-styles.ts";

testStyles([...STYLES.filter(({ usesAwsCli }) => !usesAwsCli), ...ALONE]);
