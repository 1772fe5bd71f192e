// The command's first file. Everything else is loaded only if this Node can read it.
import { tooOld } from "./old-node.js";

if (tooOld === undefined) {
  import("./wsgw.js");
} else {
  console.error(`✗ ${tooOld}`);
  process.exitCode = 1;
}
