import { Component, type ComponentChildren } from "preact";
import { PageContext, type Page } from "../page-context.ts";
import { Button, Icon } from "./controls.tsx";

interface BoundaryProps {
  readonly children: ComponentChildren;
  /** What failed: the whole page, or one block of it. */
  readonly scope: "page" | "block";
  /** Called by the reload button, before the children are drawn anew. */
  readonly onReload?: () => void;
}

/** Shows a rendering error in the place of what failed, reports it, and offers to draw it again. */
export class ErrorBoundary extends Component<BoundaryProps, { readonly error: Error | null }> {
  static override contextType = PageContext;
  override state: { readonly error: Error | null } = { error: null };
  declare context: Page;

  override componentDidCatch(thrown: unknown): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.setState({ error });
    void this.context.request("page-failed", { message: error.message, stack: error.stack ?? "" });
  }

  private readonly reload = (): void => {
    this.props.onReload?.();
    this.setState({ error: null });
  };

  override render(): ComponentChildren {
    const { error } = this.state;
    if (error === null) {
      return this.props.children;
    }

    const { strings } = this.context;
    return (
      <div class={`failure failure-${this.props.scope}`} role="alert">
        <div class="line">
          <Icon name="error" class="bad" />
          <span class="grow">{this.props.scope === "page" ? strings.pageFailed : strings.blockFailed}</span>
        </div>
        <div class="quiet break">{error.message}</div>
        <div class="actions">
          <Button onClick={this.reload}>{strings.reload}</Button>
        </div>
      </div>
    );
  }
}
