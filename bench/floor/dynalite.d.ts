declare module "dynalite" {
  import type { Server } from "node:http";

  /** DynamoDB on LevelDB; in memory unless `path` is a directory. */
  function dynalite(options?: {
    readonly path?: string;
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }): Server;

  export = dynalite;
}
