// Node's `process`, without the reading of its properties that an import of it begins with.
module.exports = process;
