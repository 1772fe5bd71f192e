// What raw-body and body-parser ask of iconv-lite, for UTF-8: what servers of wsgw read is in no other encoding.
const { StringDecoder } = require("node:string_decoder");

const known = (encoding) => /^utf-?8$/i.test(encoding);

function failUnlessKnown(encoding) {
  if (!known(encoding)) throw new Error(`Encoding not recognized: ${encoding}`);
}

exports.encodingExists = known;
exports.decode = (bytes, encoding) => {
  failUnlessKnown(encoding);
  return bytes.toString("utf8");
};
exports.getDecoder = (encoding) => {
  failUnlessKnown(encoding);
  return new StringDecoder("utf8");
};
