import { Parser } from "htmlparser2";

/** An element as it begins. */
export interface XmlElement {
  /** Without the prefix of its namespace. */
  readonly name: string;
  /** Attributes by their name without prefix; of two with one name the one that has no prefix. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Attributes by their name as it is written. */
  readonly written: Readonly<Record<string, string>>;
}

/** What is told of an XML text, in its order. */
export interface XmlListener {
  open(element: XmlElement): void;
  close(name: string): void;
  text(data: string): void;
}

const plainName = (name: string): string => name.slice(name.indexOf(":") + 1);

/**
 * Reads an XML text from its beginning to its end. Nothing is kept of it, so that its depth does not matter; entities
 * that it defines itself are not replaced, so that none grows.
 */
export function readXml(xml: string, listener: XmlListener): void {
  const parser = new Parser(
    {
      onopentag: (name, attributes) =>
        listener.open({
          name: plainName(name),
          attributes: new Map([
            ...Object.entries(attributes).map(([key, value]) => [plainName(key), value] as const),
            ...Object.entries(attributes).filter(([key]) => !key.includes(":")),
          ]),
          written: attributes,
        }),
      onclosetag: (name) => listener.close(plainName(name)),
      ontext: (data) => listener.text(data),
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(xml);
}
