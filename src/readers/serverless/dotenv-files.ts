import { existsSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../cloudformation/rules/origins.ts";
import { loadEnvFile } from "../env-file.ts";

/**
 * The variables of the `.env` files that Serverless or its plugin reads: with `useDotenv`, in version 4, or
 * with serverless-dotenv-plugin.
 */
export function dotenvVariables(
  service: {
    /** As written. */
    readonly raw: JsonObject;
    readonly plugins: readonly string[];
    readonly stage: string;
    /** Its directory. */
    readonly root: string;
  },
  inputs: { add(file: string): void },
): Readonly<Record<string, string>> {
  const { raw, plugins, stage, root } = service;
  const isFourth = /^\D*4/.test(String(raw.frameworkVersion ?? ""));
  const usesPlugin = plugins.includes("serverless-dotenv-plugin");
  if (raw.useDotenv !== true && !isFourth && !usesPlugin) return {};
  const path = (name: string): string => join(root, name);
  const ofStage = path(`.env.${stage}`);
  for (const file of [path(".env"), ofStage]) inputs.add(file);
  const names = usesPlugin
    ? [".env", `.env.${stage}`, ".env.local", `.env.${stage}.local`].map(path)
    : [existsSync(ofStage) ? ofStage : path(".env")];
  const values = names.filter((file) => existsSync(file)).map(loadEnvFile);
  return Object.assign({}, ...values) as Record<string, string>;
}
