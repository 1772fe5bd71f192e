// Replaces an import of node:process, which reads every property and so opens standard input.
module.exports = process;
