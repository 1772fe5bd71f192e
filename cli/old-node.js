// Whether this Node is too old, in a sentence. Every Node reads this file: it has no new syntax and imports nothing. The
// build puts package.json's engines in.
const NEEDED = "ENGINES";
const needed = NEEDED.replace(/[^\d.]/g, "")
  .split(".")
  .map(Number);
const own = process.versions.node.split(".").map(Number);
const isTooOld = own[0] < needed[0] || (own[0] === needed[0] && own[1] < needed[1]);

/** Undefined if it is new enough. */
export const tooOld = isTooOld
  ? `Node ${own.join(".")} is too old; wsgw needs ${NEEDED}: install a newer one from https://nodejs.org.`
  : undefined;
