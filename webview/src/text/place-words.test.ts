import { expect, test } from "vitest";
import { en } from "../strings/en.ts";
import { zh } from "../strings/zh.ts";
import { headingOf, placeInFile, placeWords } from "./place-words.ts";

const at = (
  name: string,
  fields: { readonly page?: number; readonly place?: string; readonly endLine?: number } = {},
) => ({
  name,
  startLine: 10,
  endLine: 10,
  page: null,
  place: "",
  ...fields,
});

test.each([
  ["a line", at("notes.md"), "line 10", "第 10 行"],
  ["lines", at("src/app.ts", { endLine: 12, place: "run" }), "lines 10–12", "第 10–12 行"],
  ["a page", at("REPORT.PDF", { page: 3 }), "page 3", "第 3 页"],
  ["a slide", at("talk.pptx", { page: 4 }), "slide 4", "第 4 张幻灯片"],
  ["a chapter", at("book.epub", { page: 2 }), "chapter 2", "第 2 章"],
  ["a cell", at("look.ipynb", { page: 2 }), "cell 2", "单元 2"],
  ["a heading of a document", at("law.docx", { place: "Part 2 › Leave" }), "Part 2 › Leave", "Part 2 › Leave"],
  ["a document without headings", at("law.docx"), "line 10 of its text", "正文第 10 行"],
  ["rows of a sheet", at("staff.xlsx", { place: "2025", endLine: 12 }), "2025, rows 10–12", "2025, 表中第 10–12 行"],
])("%s", (_name, place, english, chinese) => {
  expect(placeInFile(place, en)).toBe(english);
  expect(placeInFile(place, zh)).toBe(chinese);
});

test("a heading is told beside a place that does not say it", () => {
  expect(headingOf(at("notes.md", { place: "Leave" }), en)).toBe("Leave");
  expect(headingOf(at("law.docx", { place: "Leave" }), en)).toBe("");
  expect(headingOf(at("staff.xlsx", { place: "2025" }), en)).toBe("");
  expect(placeWords(at("notes.md"), en)).toBe("notes.md, line 10");
});
