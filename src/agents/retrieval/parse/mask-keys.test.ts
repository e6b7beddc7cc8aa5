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
  ["Stripe", "stripe.api_key = ", ["sk", "live", letters.slice(0, 24)].join("_")],
  ["PyPI", "", `pypi-${letters}`],
  ["Azure storage", "AccountName=x;AccountKey=", `${letters}${letters.slice(0, 14)}==`],
  [
    "a JSON Web Token",
    "token ",
    ["eyJhbGciOiJIUzI1NiJ9", `eyJ${letters.slice(0, 20)}`, letters.slice(3, 46)].join("."),
  ],
  ["Authorization", "curl -H 'Authorization: Bearer ", letters.slice(0, 32)],
  ["a connection", "Server=db;User Id=sa;Password=", "Str0ng!River"],
  ["code", 'const password = "', "Tr0ub4dor&3xyz"],
  ["typed code", "db_password: str = '", "Tr0ub4dor&3xyz"],
  ["JSON", '{ "client_secret": "', "q8Wz-44kd-Pp2x"],
  ["settings", "export DB_PASSWORD=", "Tr0ub4dor&3xyz"],
];

test.each(keys)("a key of %s is masked where it stands", (_, before, key) => {
  const quote = /["']$/.exec(before)?.[0] ?? "";
  const text = `日志 before\n${before}${key}${quote}\nbehind\n`;
  expect(maskKeys(text)).toMatchObject({ text: text.replace(key, "*".repeat(key.length)), keys: 1 });
});

test("a private key in code is masked line by line", () => {
  const block = [letters.slice(0, 64), letters.slice(5, 69)];
  const text = `const key = \`-----BEGIN EC PRIVATE KEY-----\n${block.join("\n")}\n-----END EC PRIVATE KEY-----\`;\nrun();\n`;
  const masked = block.reduce((all, line) => all.replace(line, "*".repeat(line.length)), text);
  expect(maskKeys(text).text.replace("*-----END", "-----END")).toBe(masked);
});

test("a private key in the outputs of a notebook, one that is cut, and one in quotes are masked", () => {
  const outputs = `["-----BEGIN RSA PRIVATE KEY-----\\n","MIIBODY${letters.slice(0, 9)}\\n","-----END RSA PRIVATE KEY-----\\n"]`;
  expect(maskKeys(outputs).text).toBe(outputs.replace(/MIIBODY\w{9}/, "*".repeat(16)));
  const cut = `see\n-----BEGIN PRIVATE KEY-----\n${letters.slice(0, 64)}\nabcdTRUNC2\n`;
  expect(maskKeys(cut).text).toBe(`see\n-----BEGIN PRIVATE KEY-----\n${"*".repeat(64)}\n${"*".repeat(10)}\n`);
  const quoted = `{"key":"-----BEGIN PRIVATE KEY-----\\nMIIJSONBODY12\\n-----END PRIVATE KEY-----\\n"}`;
  expect(maskKeys(quoted).text).toBe(quoted.replace("MIIJSONBODY12", "*".repeat(13)));
});

test("a password in an address is masked", () => {
  const { text } = maskKeys("DB = 'postgres://admin:river7river7@db.internal/prod'");
  expect(text).toBe("DB = 'postgres://admin:************@db.internal/prod'");
});

test("what follows a key that is cut is read", () => {
  const text = `-----BEGIN PRIVATE KEY-----\n${letters.slice(0, 64)}\n\nThe deploy day is Thursday.\n`;
  expect(maskKeys(text).text).toContain("\n\nThe deploy day is Thursday.\n");
});

test.each([
  "Between `-----BEGIN PRIVATE KEY-----` and `-----END PRIVATE KEY-----` stands the key.",
  'password = "changeme"',
  'password = "<your password 1>"',
  'password: "${DB_PASSWORD_1}"',
  'password = os.environ["DB_PASSWORD_1"]',
  'secret = "process.env.SECRET_1"',
  'token = "access_token"',
  "postgres://user:password@localhost/db",
  "postgres://user:${PASSWORD}@db/app",
  'tokenizer = "bert-base-uncased-v1"',
  'id = "550e8400-e29b-41d4-a716-446655440000"',
  `![](data:image/png;base64,${letters})`,
  `"integrity": "sha512-${letters}=="`,
  ["AKIA", "IOSFODNN7EXAMPLE"].join(""),
  `ghp_${"x".repeat(36)}`,
  "sk-your-key-goes-here-and-nothing-else-0000",
  "The file begins with `-----BEGIN PRIVATE KEY-----`.",
  "task-management-for-teams-that-are-distributed",
  "const hash = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';",
])("%s is no key", (text) => {
  expect(maskKeys(text)).toEqual({ text, keys: 0, privateShare: 0 });
});
