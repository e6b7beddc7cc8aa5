import { expect, test } from "vitest";
import { hostOf, isLocalAddress, normalizeBaseUrl, suggestVersionPath } from "./base-url.ts";
import { ollamaAddress } from "./discover-models.ts";

test.each([
  [" https://api.example.com/v1/ ", "https://api.example.com/v1"],
  ["api.example.com/v1", "https://api.example.com/v1"],
  ["localhost:8000/v1", "http://localhost:8000/v1"],
  ["http://h/v1/chat/completions", "http://h/v1"],
  ["not a url", "not a url"],
])("%j means %j", (text, url) => {
  expect(normalizeBaseUrl(text)).toBe(url);
});

test.each([
  ["http://127.0.0.1:1/v1", true],
  ["http://gpu-box:8000/v1", true],
  ["http://172.20.1.1/v1", true],
  ["https://api.example.com/v1", false],
  ["https://10.example.com/v1", false],
  ["nonsense", false],
])("%s is local: %s", (url, local) => {
  expect(isLocalAddress(url)).toBe(local);
});

test.each([
  ["http://h:1", "http://h:1/v1"],
  ["http://h:1/api/", "http://h:1/api/v1"],
  ["http://h:1/v1", null],
  ["https://h/v1beta/openai", null],
])("%s would rather be %s", (url, better) => {
  expect(suggestVersionPath(url)).toBe(better);
});

test("a host is named with its port", () => {
  expect(hostOf("http://127.0.0.1:11434/v1")).toBe("127.0.0.1:11434");
});

test.each([
  ["", "http://127.0.0.1:11434/v1"],
  ["0.0.0.0", "http://127.0.0.1:11434/v1"],
  ["0.0.0.0:8080", "http://127.0.0.1:8080/v1"],
  [":9000", "http://127.0.0.1:9000/v1"],
  ["gpu-box", "http://gpu-box:11434/v1"],
  ["https://ollama.example.com", "https://ollama.example.com/v1"],
  ["http://h/ollama/", "http://h/ollama/v1"],
  ["h:80", "http://h/v1"],
])("OLLAMA_HOST=%j is asked at %s", (host, url) => {
  expect(ollamaAddress(host)).toBe(url);
});
