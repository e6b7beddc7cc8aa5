import { useEffect, useState } from "preact/hooks";
import type { Store } from "../store/store.ts";

/** A part of a store's value; the component is drawn again when that part is another value. */
export function useStore<T, S>(store: Store<T>, select: (value: T) => S): S {
  const [, redraw] = useState<object>({});
  const selected = select(store.get());
  useEffect(() => {
    let shown = selected;
    const look = (): void => {
      const now = select(store.get());
      if (!Object.is(now, shown)) {
        shown = now;
        redraw({});
      }
    };
    look();
    return store.subscribe(look);
  }, [store]);
  return selected;
}
