import { expect, test } from "vitest";
import { maskKeys } from "./mask-keys.ts";

/** Keys of their form that open nothing; written in pieces, so that nobody takes this file for a leak. */
const letters = "aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0dF2hJ4kL6nP8rS0uV2xY4zA6cE8gI0kM2oQ4sU6wY8";
const keys: readonly (readonly [kind: string, before: string, key: string])[] = [
  ["AWS id", "id = '", ["AKIA", "J5XQ2MWZ7RTL4PDN"].join("")],
  ["AWS secret", 'aws_secret_access_key = "', letters.slice(0, 40)],
  ["GitHub", "token: ", `ghp_${letters.slice(0, 36)}`],
  ["GitLab", "", `glpat-${letters.slice(0, 20)}`],
  ["Slack", "", ["xoxb", "2718281828", "3141592653", letters.slice(0, 24)].join("-")],
  ["OpenAI", "OPENAI_API_KEY=", `sk-proj-${letters.slice(0, 48)}`],
  ["Google", "key=", `AIza${letters.slice(0, 35)}`],
  ["npm", "//registry.example.org/:_authToken=", letters.slice(0, 36)],
  ["Kubernetes", "client-key-data: ", letters.slice(0, 64)],
];

test.each(keys)("a key of %s is masked where it stands", (_, before, key) => {
  const text = `日志 before\n${before}${key}\nbehind\n`;
  expect(maskKeys(text)).toMatchObject({ text: text.replace(key, "*".repeat(key.length)), keys: 1 });
});

test("a private key in code is masked line by line", () => {
  const block = [letters.slice(0, 64), letters.slice(5, 69)];
  const text = `const key = \`-----BEGIN EC PRIVATE KEY-----\n${block.join("\n")}\n-----END EC PRIVATE KEY-----\`;\nrun();\n`;
  const masked = block.reduce((all, line) => all.replace(line, "*".repeat(line.length)), text);
  expect(maskKeys(text).text.replace("*-----END", "-----END")).toBe(masked);
});

test.each([
  ["AKIA", "IOSFODNN7EXAMPLE"].join(""),
  `ghp_${"x".repeat(36)}`,
  "sk-your-key-goes-here-and-nothing-else-0000",
  "The file begins with `-----BEGIN PRIVATE KEY-----`.",
  "task-management-for-teams-that-are-distributed",
  "const hash = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';",
])("%s is no key", (text) => {
  expect(maskKeys(text)).toEqual({ text, keys: 0, share: 0 });
});
