import type { Plugin } from "esbuild";

/** The namespace of the module that replaces `wsgw`. */
export const DEFINE_API = "wsgw-define-api";

/**
 * Makes `import { defineApi, defineProject, ref } from "wsgw"` work without wsgw installed, and without
 * loading it.
 */
export const ownDefineApi: Plugin = {
  name: DEFINE_API,
  setup(build) {
    build.onResolve({ filter: /^wsgw$/ }, () => ({ path: "wsgw", namespace: DEFINE_API }));
    build.onLoad({ filter: /.*/, namespace: DEFINE_API }, () => ({
      contents: `
        export const defineApi = (definition) => definition;
        export const defineProject = (definition) => definition;
        export const ref = (name) => ({ ref: name });`,
    }));
  },
};
