const { matchers } = require("wsgw/testing");

expect.extend(matchers);
