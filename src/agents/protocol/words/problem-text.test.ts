import { expect, test } from "vitest";
import { problemText } from "./problem-text.ts";

const unreachable = {
  code: "embedding.unreachable",
  message: "e5 at localhost:11434 gave no embeddings: ECONNREFUSED.",
  details: { baseUrl: "http://localhost:11434/v1", reason: "ECONNREFUSED" },
};

test("what is wrong with a source or its index is said in the person's language", () => {
  const leftOut = {
    code: "source.left-out",
    message: "In English.",
    details: { path: "/w/a.pdf", reason: "password" },
  };
  expect(problemText(leftOut, "en")).toBe("In English.");
  expect(problemText(leftOut, "zh-cn")).toBe("无法询问 a.pdf：它需要密码才能打开：请另存一份不带密码的副本。");
  const denied = { code: "index.denied", message: "In English.", details: { server: "db", user: "ann", reason: "no" } };
  expect(problemText(denied, "zh-cn")).toBe("db 的数据库不允许“ann”执行所需操作：no。");
});

test("why there are no embeddings is said in the person's language, with the server's own reason", () => {
  expect(problemText(unreachable, "en")).toBe(unreachable.message);
  expect(problemText(unreachable, "zh-cn")).toBe(
    "无法从 localhost:11434 得到向量：ECONNREFUSED。请检查服务是否在运行、地址是否正确。",
  );
  const changed = {
    code: "embedding.changed",
    message: "m",
    details: { baseUrl: "http://h/v1", model: "e5", was: 384, is: 768 },
  };
  expect(problemText(changed, "zh")).toBe("h 的模型“e5”给出的向量长度从 384 变成了 768，似乎换成了另一个模型。");
});

test("why nothing was reranked is said in Chinese, with the reasons that are the product's own", () => {
  const details = { baseUrl: "http://far.example/v1", status: null, reason: "no answer within 5 s" };
  expect(problemText({ code: "rerank.unreachable", message: "m", details }, "zh")).toBe(
    "无法从 far.example 得到重排结果：5 秒内没有回答。请检查服务是否在运行、地址是否正确。",
  );
  const notSetUp = { baseUrl: "", status: null, reason: "m" };
  expect(problemText({ code: "rerank.failed", message: "说过了", details: notSetUp }, "zh")).toBe("说过了");
});

test.each(["missing", "wrong-key", "unknown-model", "rate-limited", "failed", "malformed"])(
  "embedding.%s is said in Chinese with the place it is about",
  (code) => {
    const details = { baseUrl: "http://far.example/v1", model: "e5", status: 500, reason: "why" };
    const said = problemText({ code: `embedding.${code}`, message: "m", details }, "zh");
    expect(said).toMatch(/[\u4e00-\u9fff]{4}/u);
    expect(said).toContain(code === "missing" ? "“e5”" : "far.example");
  },
);

test("a status that was not given leaves no gap", () => {
  const details = { baseUrl: "http://h/v1", status: null, reason: "" };
  expect(problemText({ code: "embedding.failed", message: "m", details }, "zh")).toBe("h 没能生成向量。");
});

test("problems of tables and unknown ones stay as they were", () => {
  const table = { code: "table.empty", message: "m", details: { path: "a/b.csv" } };
  expect(problemText(table, "zh")).toContain("“b.csv”是空的");
  expect(problemText({ code: "other", message: "m", details: {} }, "zh")).toBe("m");
});
