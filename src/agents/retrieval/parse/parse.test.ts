import { expect, test } from "vitest";
import { parseFile } from "./parse-file.ts";
import { isSecretPath } from "./secrets.ts";

const parse = (name: string, bytes: Buffer | string, cut = false) =>
  parseFile(name, {
    bytes: Buffer.from(bytes),
    stamp: { sizeBytes: bytes.length, modifiedMs: 1, changedMs: 1 },
    cut,
  });

test.each([
  ["utf-8 with a mark", Buffer.from("\ufeff客户反馈\n"), "客户反馈\n"],
  ["utf-16", Buffer.from("\ufeff客户反馈\n", "utf16le"), "客户反馈\n"],
  ["utf-16 without a mark", Buffer.from("Customers say:\n客户反馈\n", "utf16le"), "Customers say:\n客户反馈\n"],
  [
    "gb18030",
    Buffer.from("bfcdbba7b7b4c0a1a3bad6aec7b0b5c4b6a9b5a5d2d1beadc8a1cffba1a30a", "hex"),
    "客户反馈：之前的订单已经取消。\n",
  ],
])("%s is read", async (_, bytes, text) => {
  const parsed = await parse("note.txt", bytes);
  expect(parsed.type === "parsed" ? parsed.document.text : parsed).toBe(text);
});

test("UTF-8 that is cut within a character stays UTF-8", async () => {
  const parsed = await parse("long.log", Buffer.from("日志日志").subarray(0, 11), true);
  expect(parsed).toMatchObject({ type: "parsed", document: { text: "日志日", leftOut: /first/ } });
});

test.each([
  ["picture.png", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 1, 2, 3, 4, 0, 0]), "binary"],
  ["blank.md", " \n\n", "empty"],
  ["app.min.js", "a".repeat(20_000), "generated"],
  ["package-lock.json", "{}", "generated"],
  ["notes.txt", `-----BEGIN OPENSSH PRIVATE KEY-----\n${"b3BlbnNzaC1rZXktdjEAAAAA".repeat(4)}\n`, "secret"],
])("%s is skipped", async (name, content, reason) => {
  expect(await parse(name, content)).toEqual({ type: "skipped", reason });
});

test("code with keys in it is read without them, and that is said", async () => {
  const key = ["ghp", "aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0dF2hJ4"].join("_");
  expect(await parse("deploy.ts", `const token = "${key}"; // 部署\nrun();\n`)).toMatchObject({
    type: "parsed",
    document: {
      text: `const token = "${"*".repeat(key.length)}"; // 部署\nrun();\n`,
      leftOut: "masked-keys 1",
    },
  });
});

test("a text about keys is no key", async () => {
  expect(await parse("help.md", "The file begins with `-----BEGIN PRIVATE KEY-----`.")).toMatchObject({
    type: "parsed",
  });
});

test.each([
  ".env",
  "app/.env.production",
  "prod.env",
  ".ssh/config",
  "keys/id_ed25519",
  "server.PEM",
  ".npmrc",
  "secrets.yaml",
  "infra/terraform.tfstate",
  ".env_prod",
  "deploy/prod.kubeconfig",
  "kubeconfig.yaml",
  "home/.config/gcloud/access_tokens.db",
  ".netrc",
  "certs/server-key.pem",
  "credentials.json",
  "auth.json",
])("%s is secret", (path) => {
  expect(isSecretPath(path)).toBe(true);
});

test.each([
  ".env.example",
  "environment.ts",
  ".env-example",
  "kube-config-loader.ts",
  "oauth.json",
  "src/secrets.ts",
  "id_rsa_guide/readme.md",
  "keyboard.md",
  "docs/secret-garden.txt",
])("%s is not", (path) => {
  expect(isSecretPath(path)).toBe(false);
});
