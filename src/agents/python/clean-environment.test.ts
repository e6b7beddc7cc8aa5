import { describe, expect, it } from "vitest";
import { cleanEnvironment, installerEnvironment } from "./clean-environment.ts";

const ordinary = {
  PATH: "/bin",
  HOME: "/home/x",
  LANG: "zh_CN.UTF-8",
  LC_ALL: "C.UTF-8",
  HTTPS_PROXY: "http://proxy:8080",
  no_proxy: "localhost",
  PYTHONHASHSEED: "0",
  OMP_NUM_THREADS: "2",
  CUDA_VISIBLE_DEVICES: "0",
  LD_LIBRARY_PATH: "/opt/lib",
  CONDA_PREFIX: "/opt/conda",
  "ProgramFiles(x86)": "C:\\Program Files (x86)",
  SystemRoot: "C:\\Windows",
  Path: "C:\\Windows",
};

describe("what code is given of the environment", () => {
  it("is what programs need", () => {
    expect(cleanEnvironment({ ...ordinary, UNSET: undefined })).toEqual(ordinary);
  });

  it.each([
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "AWS_PROFILE",
    "github_token",
    "DB_PASSWORD",
    "DATABASE_URL",
    "STRIPE",
    "SLACK_WEBHOOK",
    "MY_THING",
    "SSH_AUTH_SOCK",
    "DBUS_SESSION_BUS_ADDRESS",
    "KUBECONFIG",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "VSCODE_IPC_HOOK_CLI",
    "ELECTRON_RUN_AS_NODE",
    "BYZER_MODEL",
    "PIP_INDEX_URL",
  ])("leaves %s out, whatever is in it", (name) => {
    expect(cleanEnvironment({ [name]: "value" })).toEqual({});
  });

  it.each([
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PYTHONHOME",
    "PYTHONINSPECT",
    "PYTHONWARNINGS",
    "PYTHONUSERBASE",
    "PYTHONBREAKPOINT",
  ])("leaves %s out, which would bend Python", (name) => {
    expect(cleanEnvironment({ [name]: "/workspace" })).toEqual({});
  });

  it.each([
    "sk-proj-abcdefghijklmnop1234",
    "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "AKIAIOSFODNN7EXAMPLE",
    "hf_abcdefghijklmnopqrstuvwxyz",
    "http://user:word@proxy:8080",
    "http://:word@proxy:8080",
    "-----BEGIN RSA PRIVATE KEY-----\nMII",
  ])("leaves out an allowed name that holds %s", (value) => {
    expect(cleanEnvironment({ LANG: value, HTTPS_PROXY: value, TERM: value })).toEqual({});
  });
});

it("installers are told where packages come from, and still get no key", () => {
  const given = {
    PATH: "/bin",
    PIP_INDEX_URL: "https://user:word@example.org/simple",
    UV_INDEX_URL: "https://example.org/simple",
    HTTPS_PROXY: "http://user:word@proxy:8080",
  };
  expect(installerEnvironment({ ...given, OPENAI_API_KEY: "k", PYTHONPATH: "/x" })).toEqual(given);
});
