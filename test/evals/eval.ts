/** `npm run eval [-- retrieval] [OPTION …]`: recorded answers about tables, or the quality of the search. */
if (process.argv[2] === "retrieval") {
  process.argv.splice(2, 1);
  await import("./retrieval.ts");
} else {
  await import("./run.ts");
}
