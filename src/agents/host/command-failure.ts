/** A problem that came as an event, on its way to the exit of a command. */
export class CommandFailure extends Error {
  readonly code: string;

  constructor(problem: { readonly code: string; readonly message: string }) {
    super(problem.message);
    this.code = problem.code;
  }
}
