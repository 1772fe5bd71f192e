// What yargs and the proxy agent ask of Node's assert.
module.exports = function assert(value, message) {
  if (!value) throw new Error(message);
};

module.exports.strictEqual = (actual, expected, message) => {
  if (!Object.is(actual, expected)) throw new Error(message);
};

module.exports.notStrictEqual = (actual, expected, message) => {
  if (Object.is(actual, expected)) throw new Error(message);
};
