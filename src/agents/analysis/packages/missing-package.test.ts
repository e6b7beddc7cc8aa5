import { describe, expect, test } from "vitest";
import { missingPackage } from "./missing-package.ts";
import { packageFor } from "./package-names.ts";

const failed = (name: string, message: string) => missingPackage([{ type: "error", name, message, traceback: "" }]);

describe("what an error says is missing", () => {
  test.each([
    ["ModuleNotFoundError", "No module named 'seaborn'", "seaborn"],
    ["ModuleNotFoundError", "No module named 'sklearn'", "scikit-learn"],
    ["ModuleNotFoundError", "No module named 'cv2'", "opencv-python-headless"],
    ["ImportError", "Missing optional dependency 'openpyxl'.  Use pip or conda to install openpyxl.", "openpyxl"],
    ["ImportError", "Missing optional dependency 'odfpy'. Install with pip", "odfpy"],
    ["ImportError", "`Import tabulate` failed.  Use pip or conda to install the tabulate package.", "tabulate"],
    ["ImportError", "lxml not found, please install it", "lxml"],
    [
      "ModuleNotFoundError",
      "required package 'fastexcel' not found.\n\nPlease install using the command.",
      "fastexcel",
    ],
    [
      "ImportError",
      "Unable to find a usable engine; tried using: 'pyarrow', 'fastparquet'.\nA suitable version of pyarrow or fastparquet is required for parquet support.",
      "pyarrow",
    ],
  ])("%s: %s", (name, message, expected) => {
    expect(failed(name, message)).toMatchObject({ name: expected, known: true, similar: null });
  });

  test.each([
    ["ModuleNotFoundError", "No module named 'sklearn.nothing'"],
    ["ModuleNotFoundError", "No module named 'tkinter'"],
    ["ModuleNotFoundError", "No module named '_sqlite3'"],
    ["ModuleNotFoundError", "No module named '../../evil'"],
    ["ImportError", "cannot import name 'x' from 'pandas' (/lib/pandas/__init__.py)"],
    ["ValueError", "No module named 'seaborn'"],
  ])("%s: %s is nothing that an installation mends", (name, message) => {
    expect(failed(name, message)).toBeUndefined();
  });

  test("a cell without an error lacks nothing", () => {
    expect(missingPackage([{ type: "text", stream: "stdout", text: "No module named 'seaborn'" }])).toBeUndefined();
  });
});

describe("names that are not well known", () => {
  test.each([
    ["seabron", "seaborn"],
    ["pandsa", "pandas"],
    ["python_pandas", "pandas"],
    ["numpyy", "numpy"],
    ["matplotlb", "matplotlib"],
    ["scikitlearn", "scikit-learn"],
  ])("%s resembles %s", (module, similar) => {
    expect(packageFor(module)).toEqual({ name: module.replaceAll("_", "-"), known: false, similar });
  });

  test.each(["data_quality_suite", "my_helpers", "chartwizard"])("%s resembles none", (module) => {
    expect(packageFor(module)).toMatchObject({ known: false, similar: null });
  });

  test("names that an index does not take are none", () => {
    for (const name of ["", "-r", "--index-url", "a b", "git+https://x", "x".repeat(80), "_private"]) {
      expect(packageFor(name)).toBeNull();
    }
    expect(packageFor("constructor")).toMatchObject({ name: "constructor", known: false });
  });
});
