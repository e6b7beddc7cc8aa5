import { expect, it } from "vitest";
import { cleanEnvironment, unwantedNames } from "./clean-environment.ts";

it("drops keys, accounts, addresses with passwords and what bends Python; keeps the rest", () => {
  const environment = {
    PATH: "/bin",
    HOME: "/home/x",
    LANG: "zh_CN.UTF-8",
    HTTPS_PROXY: "http://proxy:8080",
    PIP_INDEX_URL: "https://user:word@example.org/simple",
    OPENAI_BASE_URL: "http://x",
    AWS_PROFILE: "p",
    MY_API_KEY: "k",
    github_token: "t",
    DB_PASSWORD: "p",
    SSH_AUTH_SOCK: "/s",
    PYTHONPATH: "/lib",
    PYTHONUNBUFFERED: "1",
    PYTHONHASHSEED: "0",
    UNSET: undefined,
  };
  expect(Object.keys(cleanEnvironment(environment))).toEqual(["PATH", "HOME", "LANG", "HTTPS_PROXY", "PYTHONHASHSEED"]);
  expect(unwantedNames(environment)).toContain("MY_API_KEY");
  expect(unwantedNames(environment)).not.toContain("UNSET");
});
