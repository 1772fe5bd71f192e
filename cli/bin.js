// What is started: the only file that a Node which is too old reads, so without new syntax and without imports.
// The build puts package.json's engines in.
const NEEDED = "ENGINES";
const needed = NEEDED.replace(/[^\d.]/g, "")
  .split(".")
  .map(Number);
const own = process.versions.node.split(".").map(Number);

if (own[0] < needed[0] || (own[0] === needed[0] && own[1] < needed[1])) {
  const advice = "install a newer one from https://nodejs.org";
  console.error(`✗ Node ${own.join(".")} is too old; wsgw needs ${NEEDED}: ${advice}.`);
  process.exitCode = 1;
} else {
  import("./wsgw.js");
}
