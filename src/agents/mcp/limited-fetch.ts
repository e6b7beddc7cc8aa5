type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` that follows no redirection, so that headers go nowhere else, and that reads no more of one response than
 * `mostBytes`: reading beyond fails with a `RangeError`. A missing key is an error, since nobody signs in here.
 */
export function limitedFetch(mostBytes: number): Fetch {
  return async (url, init) => {
    const response = await fetch(url, { ...init, redirect: "manual" });
    if (response.status >= 300 && response.status < 400 && response.status !== 304) {
      await response.body?.cancel();
      throw new Error(`it redirects to ${response.headers.get("location") ?? "another address"}; name that address`);
    }

    if (response.status === 401 || response.status === 403) {
      await response.body?.cancel();
      throw new Error(`it answers ${response.status}: the key in its “headers” is missing or wrong`);
    }

    if (response.body === null) {
      return response;
    }

    let bytes = 0;
    const limit = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.length;
        if (bytes > mostBytes) {
          controller.error(new RangeError(`a response of more than ${mostBytes} bytes`));
        } else {
          controller.enqueue(chunk);
        }
      },
    });
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(limit), { status, statusText, headers });
  };
}
