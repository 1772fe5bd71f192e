// The modules of dynalite that wsgw uses. The build makes one file of them and of what they load: Node takes longer
// to find and read 60 files than to run them.

exports.db = require("dynalite/db");
exports.validations = require("dynalite/validations");
exports.ClassicLevel = require("classic-level").ClassicLevel;

/** Load an operation. By path, because esbuild finds all files that a pattern means only then. */
exports.validation = (name) => require(`../../../node_modules/dynalite/validations/${name}.js`);
exports.action = (name) => require(`../../../node_modules/dynalite/actions/${name}.js`);
