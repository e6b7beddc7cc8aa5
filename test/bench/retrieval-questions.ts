/** Questions about the texts of the installed packages. */
export const questions = [
  "how do I abort a stream while reading",
  "where is the panel disposed",
  "what encoding does the buffer use by default",
  "parse error handling in the tokenizer",
  "retry policy for rate limited requests",
  "list of supported languages",
  "how are source maps generated for css",
  "convert a date to local time zone",
  "promise rejection handler",
  "configure proxy settings for http requests",
  "schema validation of nested objects",
  "which option disables color output",
] as const;
