// The first import of the library's entries for tests.
import { tooOld } from "./old-node.js";

if (tooOld !== undefined) throw new Error(tooOld);
