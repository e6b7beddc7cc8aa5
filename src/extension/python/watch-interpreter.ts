import type { Interpreter } from "../../agents/ports/interpreter.ts";

/**
 * The same interpreter, watched.
 *
 * @param onGone Called when its process is gone: `closed` where it was ended through {@link Interpreter.close}, `ended`
 *   where it ended by itself, was killed, or its terminal was closed. One that was left is not told. `reason`: in plain words.
 */
export function watchInterpreter(
  interpreter: Interpreter,
  onGone: (how: "closed" | "ended", reason: string) => void,
): Interpreter {
  let isClosing = false;
  let isLeft = false;
  const leave = interpreter.leave?.bind(interpreter);
  void interpreter.closed.then((reason) => isLeft || onGone(isClosing ? "closed" : "ended", reason));
  return {
    get info() {
      return interpreter.info;
    },
    closed: interpreter.closed,
    run: (request, signal) => interpreter.run(request, signal),
    refresh: () => interpreter.refresh(),
    inspect: (code) => interpreter.inspect(code),
    checkReading: (trial, signal) => interpreter.checkReading(trial, signal),
    checkSql: (variable, sql, signal) => interpreter.checkSql(variable, sql, signal),
    close: () => {
      isClosing = true;
      return interpreter.close();
    },
    ...(leave === undefined
      ? {}
      : {
          leave: () => {
            isLeft = true;
            return leave();
          },
        }),
  };
}
