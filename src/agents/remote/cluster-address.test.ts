import { expect, test } from "vitest";
import { clusterAddress, isLoopback, linkUrl, withServePort } from "./cluster-address.ts";

test.each([
  ["10.0.0.4", "http://10.0.0.4:8265", "http://10.0.0.4:8000"],
  ["head.example:9000", "http://head.example:9000", "http://head.example:8000"],
  ["http://head.example", "http://head.example:8265", "http://head.example:8000"],
  ["http://head.example:80/", "http://head.example", "http://head.example:8000"],
  ["https://ray.example/team/", "https://ray.example/team", "https://ray.example:8000"],
  ["ray://10.0.0.4:10001", "http://10.0.0.4:8265", "http://10.0.0.4:8000"],
  [" localhost:8265 ", "http://localhost:8265", "http://localhost:8000"],
  ["[fd00::4]:8265", "http://[fd00::4]:8265", "http://[fd00::4]:8000"],
])("%s", (text, dashboard, serve) => {
  expect(clusterAddress(text)).toEqual({ dashboard, serve });
});

test("where Serve is can be said, or is told by the cluster", () => {
  const address = clusterAddress("https://ray.example", "https://serve.example/x/");
  expect(linkUrl(address)).toBe("wss://serve.example/x/byzer/v1/link");
  expect(linkUrl(withServePort(clusterAddress("10.0.0.4"), 9001))).toBe("ws://10.0.0.4:9001/byzer/v1/link");
});

test.each(["", "   ", "http://", "ftp://host", "http://user:secret@host", "a b"])("%j is no address", (text) => {
  expect(() => clusterAddress(text)).toThrow(expect.objectContaining({ code: "remote.not-ray" }));
});

test("this machine is told from others", () => {
  expect(["http://127.0.0.1:8265", "http://localhost:1", "http://[::1]:8265"].map(isLoopback)).toEqual([
    true,
    true,
    true,
  ]);
  expect(["http://10.0.0.4:8265", "http://127.example:1"].map(isLoopback)).toEqual([false, false]);
});
