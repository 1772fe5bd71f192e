import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findCredentials } from "../../../src/emulator/iam/credential-names.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";

/** A home with the files of the AWS CLI. */
function home(credentials: string, config: string): string {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, ".aws"));
  writeFileSync(join(directory, ".aws", "credentials"), credentials);
  writeFileSync(join(directory, ".aws", "config"), config);
  return directory;
}

const CREDENTIALS = "[default]\naws_access_key_id = A\n[ team ]\n";
const CONFIG =
  "[default]\n[profile work]\nregion = eu-west-1\n  [sso-session acme]\n[services local]\n[profile  team]\n";

test("names the profiles of both files, each once", async () => {
  expect(await findCredentials({ HOME: home(CREDENTIALS, CONFIG) })).toEqual({
    variables: [],
    profiles: ["default", "team", "work"],
    profile: undefined,
  });
});

test("names the variables that are set, and the profile that is asked for, but no value", async () => {
  const found = await findCredentials({
    HOME: temporaryDirectory(),
    AWS_ACCESS_KEY_ID: "AKIA",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_WEB_IDENTITY_TOKEN_FILE: "",
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/r",
    AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://h",
    AWS_PROFILE: "work",
  });

  expect(found).toEqual({
    variables: [
      "AWS_ACCESS_KEY_ID",
      "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ],
    profiles: [],
    profile: "work",
  });
  expect(
    await findCredentials({ HOME: temporaryDirectory(), AWS_WEB_IDENTITY_TOKEN_FILE: "/t" }),
  ).toMatchObject({
    variables: ["AWS_WEB_IDENTITY_TOKEN_FILE"],
  });
});

test("reads the files that variables name, and looks in USERPROFILE without HOME", async () => {
  const usual = home(CREDENTIALS, CONFIG);
  const other = home("[theirs]\n", "[profile ours]\n");
  const files = {
    AWS_SHARED_CREDENTIALS_FILE: join(other, ".aws", "credentials"),
    AWS_CONFIG_FILE: join(other, ".aws", "config"),
  };

  const named = await findCredentials({ HOME: usual, ...files });
  const windows = await findCredentials({ USERPROFILE: other });

  expect(named.profiles).toEqual(["theirs", "ours"]);
  expect(windows.profiles).toEqual(["theirs", "ours"]);
});
