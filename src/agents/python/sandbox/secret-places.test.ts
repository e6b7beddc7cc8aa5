import { expect, test } from "vitest";
import { isSecretFileName } from "./secret-places.ts";

test.each([
  ".env",
  ".env.production",
  "prod.env",
  "id_rsa",
  "server.pem",
  "tls.key",
  "service-account-1.json",
  "credentials",
  "secrets.yaml",
  "x.kdbx",
])("%s holds keys", (name) => {
  expect(isSecretFileName(name)).toBe(true);
});

test.each([
  ".env.example",
  "environment.csv",
  "keys.csv",
  "id_rsa.pub",
  "secrets.csv",
  "monkey",
  "credentials.csv",
  "keynote.xlsx",
])("%s does not", (name) => {
  expect(isSecretFileName(name)).toBe(false);
});
