import { Component, type ComponentChild, type FunctionComponent, createElement } from "preact";

/** A component that is drawn again only when one of its properties is another value. */
export function memo<P extends object>(render: FunctionComponent<P>): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const before = this.props as Record<string, unknown>;
      const after = next as Record<string, unknown>;
      const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
      return [...keys].some((key) => key !== "children" && !Object.is(before[key], after[key]));
    }

    override render(): ComponentChild {
      return createElement(render, this.props);
    }
  }

  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- preact takes either kind of component
  return Memo as unknown as FunctionComponent<P>;
}
