import { expect, test } from "vitest";
import { IndexCovers } from "./index-covers.ts";

test("of a whole folder, every changed path is looked at", () => {
  const covers = new IndexCovers();
  covers.note({});
  expect(covers.after(["a.md", "deep/b.md"])).toEqual([{ only: ["a.md", "deep/b.md"] }]);
  expect(covers.after("many")).toEqual([{}]);
});

test("of single files and folders, only these are looked at, as the person named them", () => {
  const covers = new IndexCovers();
  covers.note({ only: ["notes/a.md"], named: true });
  covers.note({ only: ["ignored"], named: true });
  expect(covers.after(["notes/b.md", "other.md"])).toEqual([]);
  expect(covers.after(["notes/a.md"])).toEqual([{ only: ["notes/a.md"], named: true }]);
  expect(covers.after(["ignored/deep/c.md", "ignored/d.md"])).toEqual([{ only: ["ignored"], named: true }]);
  expect(covers.after("many")).toEqual([{ only: ["notes/a.md", "ignored"], named: true }]);
});

test("a folder that goes takes along what was named in it", () => {
  const covers = new IndexCovers();
  covers.note({ only: ["notes/a.md"], named: true });
  expect(covers.after(["notes"])).toEqual([{ only: ["notes/a.md"], named: true }]);
});

test("what was named stays named beside the whole", () => {
  const covers = new IndexCovers();
  covers.note({ only: ["out/report.md"], named: true });
  covers.note({});
  expect(covers.after(["out/report.md"])).toEqual([
    { only: ["out/report.md"] },
    { only: ["out/report.md"], named: true },
  ]);
  expect(covers.all).toEqual([{}, { only: ["out/report.md"], named: true }]);
});
