// Packages several services with osls, one after the other in one process: to load it takes most of the time.
// Its own modules are loaded afresh for each, for they keep what they have read.
//
//   node package-all.cjs FOLDER_OF_OSLS '[{ "root": …, "options": […] }]'
const { join, sep } = require("node:path");

const [directory, services] = process.argv.slice(2);
const environment = { ...process.env };

/** Resolves when osls has finished, well or not. */
function packaged({ root, options }) {
  for (const file of Object.keys(require.cache)) {
    if (
      file.startsWith(join(directory, "lib") + sep) ||
      file.startsWith(join(directory, "scripts") + sep)
    ) {
      delete require.cache[file];
    }
  }
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  process.argv = [process.execPath, join(directory, "bin/serverless.js"), "package", ...options];
  process.chdir(root);
  process.removeAllListeners("uncaughtException");
  const deprecations = require(join(directory, "lib/utils/log-deprecation"));
  return new Promise((resolve) => {
    deprecations.printSummary = async () => resolve(undefined);
    require(join(directory, "scripts/serverless"));
  });
}

(async () => {
  for (const service of JSON.parse(services)) await packaged(service);
  process.exit(0);
})();
