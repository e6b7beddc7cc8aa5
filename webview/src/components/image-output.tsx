import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CellOutput } from "../../../src/agents/protocol/cell-output.ts";
import { usePage, useSelected } from "../page-context.ts";
import { Icon, IconButton } from "./controls.tsx";

type Image = Extract<CellOutput, { type: "image" }>;

/** A picture at the width of the page; a click enlarges it. */
export function ImageOutput(props: { readonly image: Image }): VNode {
  const { image } = props;
  const { strings } = usePage();
  const base = useSelected((state) => state.settings?.resourceBase ?? "");
  const [large, setLarge] = useState(false);
  const [gone, setGone] = useState(false);
  const address = `${base}/${encodeURIComponent(image.file)}`;
  const alt = image.alt === "" ? strings.picture : image.alt;
  if (gone) {
    return (
      <div class="output line quiet">
        <Icon name="warning" />
        <span>
          {strings.imageGone} {image.alt}
        </span>
      </div>
    );
  }

  return (
    <div class="output image-output">
      <button type="button" class="picture" aria-label={strings.enlarge(alt)} onClick={() => setLarge(true)}>
        <img src={address} alt={alt} width={image.width} height={image.height} onError={() => setGone(true)} />
      </button>
      <div class="output-tools">
        <ImageTools image={image} />
      </div>
      {large ? <Enlarged image={image} address={address} alt={alt} onClose={() => setLarge(false)} /> : null}
    </div>
  );
}

function ImageTools(props: { readonly image: Image }): VNode {
  const { strings, request } = usePage();
  const { file } = props.image;
  return (
    <>
      <IconButton icon="save" label={strings.saveImage} onClick={() => void request("image-save", { file })} />
      <IconButton icon="go-to-file" label={strings.openImage} onClick={() => void request("image-open", { file })} />
    </>
  );
}

function Enlarged(props: {
  readonly image: Image;
  readonly address: string;
  readonly alt: string;
  readonly onClose: () => void;
}): VNode {
  const { strings } = usePage();
  const dialog = useRef<HTMLDialogElement>(null);
  const [actual, setActual] = useState(false);
  const size = actual ? strings.fitSize : strings.actualSize;
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="enlarged" aria-label={props.alt} onClose={props.onClose}>
      <div class="line">
        <span class="grow cut">{props.alt}</span>
        <ImageTools image={props.image} />
        <IconButton icon="close" label={strings.close} onClick={() => dialog.current?.close()} />
      </div>
      <div class={actual ? "enlarged-picture actual" : "enlarged-picture"} tabIndex={0}>
        <button type="button" aria-label={size} title={size} onClick={() => setActual(!actual)}>
          <img src={props.address} alt={props.alt} width={props.image.width} height={props.image.height} />
        </button>
      </div>
    </dialog>
  );
}
