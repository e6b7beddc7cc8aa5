import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTextField,
} from "@vscode/webview-ui-toolkit";
import { type ComponentChildren, type RefObject, type VNode, createElement } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** Registers the controls. The kit is known to this file alone: another one is chosen here. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeProgressRing(),
    vsCodeTextField(),
  );
}

interface ValueEvent<T extends string = string> extends Event {
  readonly currentTarget: EventTarget & { readonly value: T };
}

function control(tag: `vscode-${string}`, props: Record<string, unknown>, ...children: ComponentChildren[]): VNode {
  return createElement(tag, props, ...children);
}

/** A picture from the editor's icon font; says nothing to a screen reader. */
export function Icon(props: { readonly name: string; readonly class?: string; readonly spin?: boolean }): VNode {
  const classes = ["codicon", `codicon-${props.name}`, props.class ?? "", props.spin === true ? "spin" : ""];
  return <span class={classes.filter(Boolean).join(" ")} aria-hidden="true" />;
}

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick: () => void;
  readonly primary?: boolean;
  readonly disabled?: boolean;
  readonly title?: string;
  readonly icon?: string;
  readonly class?: string;
  readonly buttonRef?: RefObject<HTMLElement | null>;
}

export function Button(props: ButtonProps): VNode {
  return control(
    "vscode-button",
    {
      appearance: props.primary === true ? "primary" : "secondary",
      disabled: props.disabled ?? false,
      title: props.title,
      class: props.class,
      onClick: props.onClick,
      ref: props.buttonRef,
    },
    props.icon === undefined ? null : <span slot="start" class={`codicon codicon-${props.icon}`} aria-hidden="true" />,
    props.children,
  );
}

export interface IconButtonProps {
  readonly icon: string;
  /** Its name, for a screen reader and as the tooltip. */
  readonly label: string;
  readonly onClick: (event: MouseEvent) => void;
  readonly disabled?: boolean;
  readonly class?: string;
  readonly pressed?: boolean;
  readonly expanded?: boolean;
  readonly menu?: boolean;
  readonly buttonRef?: RefObject<HTMLElement | null>;
}

/** A native button: dozens stand in a long session, and each must cost next to nothing. */
export function IconButton(props: IconButtonProps): VNode {
  return (
    <button
      type="button"
      class={`icon-button ${props.class ?? ""}`}
      aria-label={props.label}
      title={props.label}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      aria-haspopup={props.menu === true ? "menu" : undefined}
      disabled={props.disabled ?? false}
      onClick={props.onClick}
      ref={(element) => {
        if (props.buttonRef !== undefined) {
          props.buttonRef.current = element;
        }
      }}
    >
      <Icon name={props.icon} />
    </button>
  );
}

/** A spinner; what is being waited for must stand beside it in words. */
export function ProgressRing(): VNode {
  return control("vscode-progress-ring", { class: "ring", "aria-hidden": "true" });
}

export interface TextFieldProps {
  readonly value: string;
  readonly label: string;
  readonly onInput: (value: string) => void;
  readonly placeholder?: string;
  readonly icon?: string;
  readonly class?: string;
  readonly fieldRef?: RefObject<HTMLElement | null>;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
}

export function TextField(props: TextFieldProps): VNode {
  const own = useRef<HTMLElement>(null);
  const field = props.fieldRef ?? own;
  // The kit calls every field "Text field" when it enters the page, whatever its label was.
  useLayoutEffect(() => field.current?.setAttribute("aria-label", props.label), [props.label]);
  return control(
    "vscode-text-field",
    {
      value: props.value,
      "aria-label": props.label,
      placeholder: props.placeholder ?? props.label,
      class: props.class,
      onInput: (event: ValueEvent) => props.onInput(event.currentTarget.value),
      onKeyDown: props.onKeyDown,
      ref: field,
    },
    props.icon === undefined ? null : <span slot="start" class={`codicon codicon-${props.icon}`} aria-hidden="true" />,
  );
}

export interface DropdownProps<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}

export function Dropdown<T extends string>(props: DropdownProps<T>): VNode {
  return control(
    "vscode-dropdown",
    {
      "aria-label": props.label,
      value: props.value,
      onChange: (event: ValueEvent<T>) => props.onChange(event.currentTarget.value),
    },
    ...props.options.map((option) => control("vscode-option", { value: option.value }, option.label)),
  );
}

/** Looks like a link and does something here; it leads nowhere by itself. */
export function LinkButton(props: {
  readonly children: ComponentChildren;
  readonly onClick: () => void;
  readonly title?: string;
  readonly expanded?: boolean;
}): VNode {
  return (
    <button
      type="button"
      class="link-button"
      title={props.title}
      aria-expanded={props.expanded}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}
