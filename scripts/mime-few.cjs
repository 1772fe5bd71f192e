// What mime-types asks of mime-db, for the kinds of content that servers of wsgw answer with: JSON and plain pages.
module.exports = {
  "application/json": { source: "iana", charset: "UTF-8", extensions: ["json"] },
  "application/octet-stream": { source: "iana", extensions: ["bin"] },
  "application/x-www-form-urlencoded": { source: "iana" },
  "image/svg+xml": { source: "iana", extensions: ["svg"] },
  "text/css": { source: "iana", charset: "UTF-8", extensions: ["css"] },
  "text/html": { source: "iana", extensions: ["html"] },
  "text/javascript": { source: "iana", charset: "UTF-8", extensions: ["js"] },
  "text/plain": { source: "iana", extensions: ["txt"] },
};
