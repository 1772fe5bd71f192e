// What qs asks of side-channel, whose own is made for engines without WeakMap.
module.exports = () => {
  const values = new WeakMap();
  return {
    assert(key) {
      if (!values.has(key)) throw new TypeError("Side channel does not contain the key");
    },
    delete: (key) => values.delete(key),
    get: (key) => values.get(key),
    has: (key) => values.has(key),
    set: (key, value) => void values.set(key, value),
  };
};
