import { argv } from "node:process";

/**
 * `npm run eval [-- retrieval|asking] [OPTION …]`: recorded answers about tables, the quality of the search, or recorded answers
 * about files.
 */
if (argv[2] === "retrieval") {
  argv.splice(2, 1);
  await import("./retrieval.ts");
} else if (argv[2] === "asking") {
  argv.splice(2, 1);
  await import("./asking/asking.ts");
} else {
  await import("./run.ts");
}
