/** What is reported while a deployment is made ready: past tense, plain data. Durations in ms. */
export type PrepareFact =
  | {
      readonly type: "hook.called";
      readonly hook: string;
      readonly durationMs: number;
    }
  | {
      readonly type: "function.packaged";
      readonly name: string;
      readonly key: string;
      /** How many there are in the zip. */
      readonly files: number;
      readonly zippedBytes: number;
      readonly unzippedBytes: number;
    }
  | {
      readonly type: "build.identified";
      readonly buildId: string;
      readonly source: "git" | "content";
    }
  | {
      readonly type: "template.made";
      readonly resources: number;
      readonly bytes: number;
    };
