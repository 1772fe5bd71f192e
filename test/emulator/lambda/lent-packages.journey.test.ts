import { ROWS, testLent } from "./lent-packages.ts";

testLent(ROWS);
