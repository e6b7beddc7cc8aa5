import { argv } from "node:process";

/** `npm run eval [-- retrieval] [OPTION …]`: recorded answers about tables, or the quality of the search. */
if (argv[2] === "retrieval") {
  argv.splice(2, 1);
  await import("./retrieval.ts");
} else {
  await import("./run.ts");
}
