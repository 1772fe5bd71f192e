import { expect, test } from "vitest";
import {
  ageProblem,
  formProblem,
  scopeDateProblem,
} from "../../../../src/emulator/iam/rules/signature-date.ts";

const NOW = Date.UTC(2026, 10, 29, 12);
const WEEK_S = "604800";
const dated = (amzDate: string, expires?: string) => ({
  amzDate,
  expires,
  scope: { date: "20261129" },
});

test.each([
  ["20261129T115500Z", undefined, undefined],
  ["20261129T115459Z", undefined, "Signature expired"],
  ["20261129T120500Z", undefined, undefined],
  ["20261129T120501Z", undefined, "Signature not yet current"],
  ["20261129T120501Z", WEEK_S, "Signature not yet current"],
  ["20261129T115830Z", "90", undefined],
  ["20261129T115829Z", "90", "Signature expired"],
  ["20261122T120000Z", WEEK_S, undefined],
  ["20261122T115959Z", "604801", "Signature expired"],
  ["20261129T115459Z", "-1", "Signature expired"],
])("at noon, the age of %s with an X-Amz-Expires of %s: %s", (amzDate, expires, problem) => {
  const found = ageProblem(dated(amzDate, expires), NOW);

  expect(found?.message.split(":")[0]).toBe(problem);
  expect(found?.kind).toBe(problem && "invalid");
});

test.each([
  ["20261129T120000Z", true],
  ["20261129T120000", false],
  ["2026-11-29T12:00:00Z", false],
])("%s has the form of a date: %s", (amzDate, isDate) => {
  const message = `Date must be in ISO-8601 'basic format'. Got '${amzDate}'.`;

  expect(formProblem(amzDate)).toBe(isDate ? undefined : message);
});

test("a date in the right form that does not exist is incomplete, not too old", () => {
  expect(formProblem("20261129T250000Z")).toBeUndefined();
  expect(ageProblem(dated("20261129T250000Z"), NOW)).toEqual({
    kind: "incomplete",
    message: "Date must be in ISO-8601 'basic format'. Got '20261129T250000Z'.",
  });
});

test("the day of the scope is that of the date, also just after midnight", () => {
  expect(scopeDateProblem(dated("20261129T000000Z"))).toBeUndefined();
  expect(scopeDateProblem(dated("20261130T000000Z"))).toMatch(
    /'20261129' != '20261130', from '20261130T000000Z'\.$/,
  );
});
