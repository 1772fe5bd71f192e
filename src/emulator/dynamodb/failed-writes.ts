type Write = (...args: readonly unknown[]) => unknown;

/** Dynalite's module of databases, as far as it matters here. */
export type Databases = {
  create: (options: unknown) => { readonly db: Record<(typeof WRITES)[number], Write> };
};

const WRITES = ["put", "del", "batch"] as const;

/**
 * Has the database that `open` creates refuse a write that the disk does not take, in DynamoDB's words:
 * dynalite throws what it has no words for, which would end the gateway for want of disk space.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export function withFailedWrites<Opened>(databases: Databases, open: () => Opened): Opened {
  const { create } = databases;
  databases.create = (options) => {
    const store = create(options);
    for (const name of WRITES) store.db[name] = refusing(store.db[name].bind(store.db));
    return store;
  };
  try {
    return open();
  } finally {
    databases.create = create;
  }
}

function refusing(write: Write): Write {
  return (...args) => {
    const callback = args.at(-1);
    if (typeof callback !== "function") return write(...args);
    return write(...args.slice(0, -1), (error: unknown, ...results: readonly unknown[]) => {
      callback(error instanceof Error ? refusalOf(error) : error, ...results);
    });
  };
}

/** An error that dynalite sends instead of throwing it. */
function refusalOf(error: Error): Error {
  if (!("code" in error) || typeof error.code !== "string") return error;
  const body = {
    __type: "com.amazonaws.dynamodb.v20120810#InternalServerError",
    message: `The local table cannot be written: ${error.message}`,
  };
  return Object.assign(error, { statusCode: 500, body });
}
