// A group of agents for tests: says what it hears, and tells what it was told of before.
import { createInterface } from "node:readline";

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const told = [];
let begin;
let secret = null;

function answer(kind, body) {
  if (body?.crash !== undefined) {
    process.stderr.write("crashing as asked\n");
    process.exit(body.crash);
  } else if (body?.secret !== undefined) {
    ({ secret } = body);
    say({ t: "passing", body: { hasSecret: true } });
  } else if (body?.tell === "before") {
    say({ t: "body", body: { begin, told, secret } });
  } else if (body?.tell === "environment") {
    say({ t: "body", body: { environment: process.env, args: process.execArgv } });
  } else if (body?.count !== undefined) {
    for (let number = 0; number < body.count; number += 1) {
      say({ t: kind, body: { number } });
    }
  } else {
    say({ t: kind, body: { echo: body } });
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.t === "begin") {
    begin = message;
  } else if (message.t === "replay") {
    told.push([message.from, message.window, message.body]);
  } else if (message.t === "body" || message.t === "passing") {
    answer(message.t, message.body);
  }
}
