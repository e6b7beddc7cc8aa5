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

/** Deeper ones take the parser ever longer, and no document has them. */
const deepestElement = 4000;

/**
 * Reads an XML text from its beginning to its end. Entities that it defines itself are not replaced, so that none grows.
 *
 * @throws RangeError for elements that lie in one another too deep
 */
export function readXml(xml: string, listener: XmlListener): void {
  let depth = 0;
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        depth += 1;
        if (depth > deepestElement) {
          throw new RangeError(`elements lie in one another, more than ${deepestElement} deep`);
        }
        listener.open({
          name: plainName(name),
          attributes: new Map([
            ...Object.entries(attributes).map(([key, value]) => [plainName(key), value] as const),
            ...Object.entries(attributes).filter(([key]) => !key.includes(":")),
          ]),
          written: attributes,
        });
      },
      onclosetag: (name) => {
        depth -= 1;
        listener.close(plainName(name));
      },
      ontext: (data) => listener.text(data),
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(xml);
}
