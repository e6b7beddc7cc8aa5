/**
 * Does work whose parts go on side by side: where it fails, the signal that its parts were given aborts, so that nothing
 * goes on of which nothing can come any more.
 *
 * @throws what the work throws.
 */
export async function endedByFailure<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const failure = new AbortController();
  try {
    return await work(AbortSignal.any([signal, failure.signal]));
  } catch (error) {
    failure.abort(new DOMException("Another part of the same work has failed.", "AbortError"));
    throw error;
  }
}
