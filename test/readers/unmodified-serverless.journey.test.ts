// @module-tag journey
import { testKind } from "./unmodified-projects.ts";

testKind("serverless");
