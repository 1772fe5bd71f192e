module.exports = {
  testEnvironment: "node",
  setupFilesAfterEnv: ["./jest.setup.js"],
  // More than the waits of wsgw/testing have, which say what was awaited.
  testTimeout: 30_000,
};
