import { createRequire } from "node:module";
import type { Callback, StoreParts } from "./contained.ts";

type Action = (store: Dynalite, input: unknown, callback: Callback) => void;

/** Dynalite's store: DynamoDB tables on LevelDB. */
export type Dynalite = StoreParts & {
  readonly lifecycleManager: { gracefulClose(callback: () => void): void };
};

/** One operation: its model and its implementation. */
export type DynaliteOperation = {
  /** Returns the input's fields that the model knows. Throws DynamoDB's error for values of wrong types. */
  checkTypes(input: object): Readonly<Record<string, unknown>>;
  /** Throws DynamoDB's error for values that it does not allow. */
  checkValues(checked: object, store: Dynalite): void;
  readonly run: Action;
};

type Database = { open(): Promise<void>; close(): Promise<void> };

type Modules = {
  readonly db: { create(options: object): Dynalite };
  readonly validations: {
    checkTypes(input: object, types: object): Record<string, unknown>;
    checkValidations(input: unknown, types: object, custom: unknown, store: Dynalite): void;
  };
  validation(file: string): { readonly types: object; readonly custom?: unknown };
  action(file: string): Action;
  readonly ClassicLevel: new (directory: string) => Database;
};

/** Loads dynalite. Uses require, because import() would first scan the file for its exports. */
export function loadDynalite(): Modules {
  return createRequire(import.meta.url)("#lazy/dynalite") as Modules;
}

/** Creates a store in memory, or in the directory `path`. */
export function createDynalite(options: {
  readonly path: string | undefined;
  readonly region: string;
  readonly accountId: string;
}): Dynalite {
  const { path, region, accountId } = options;
  const store = loadDynalite().db.create({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(path !== undefined && { path }),
  });
  Object.assign(store.tableDb, { awsRegion: region, awsAccountId: accountId });
  return store;
}

const operations = new Map<string, DynaliteOperation>();

/** Loads an operation once. */
export function dynaliteOperation(name: string): DynaliteOperation {
  const known = operations.get(name);
  if (known !== undefined) return known;
  const { validations, validation, action } = loadDynalite();
  const file = name.charAt(0).toLowerCase() + name.slice(1);
  const { types, custom } = validation(file);
  const operation: DynaliteOperation = {
    checkTypes: (input) => validations.checkTypes(input, types),
    checkValues: (checked, store) => validations.checkValidations(checked, types, custom, store),
    run: action(file),
  };
  operations.set(name, operation);
  return operation;
}
