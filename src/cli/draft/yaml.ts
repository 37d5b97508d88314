import { isMap, isScalar, isSeq, parseDocument } from 'yaml';

/** The keys of a home, a store or a connection, with their values in a YAML file. */
export type Keys = Readonly<Record<string, Value>>;
export type Value = string | readonly string[] | Verbatim;

/** A YAML text. Variables in the text are filled in. */
export interface Verbatim {
  readonly yaml: string;
}

/** The keys as the text of a separate file. */
export function blockText(keys: Keys): string {
  return `${block(keys, 0).join('\n')}\n`;
}

export function block(keys: Keys, indent: number): readonly string[] {
  const margin = ' '.repeat(indent);
  return Object.entries(keys).map(([key, value]) => `${margin}${key}: ${valueText(value)}`);
}

function valueText(value: Value): string {
  if (typeof value === 'string') return scalar(value);
  return 'yaml' in value ? value.yaml : sequence(value);
}

/** The keys in one line: `{ table: "orders" }`. */
export function inlineMap(keys: Readonly<Record<string, string>>): string {
  return `{ ${Object.entries(keys)
    .map(([key, value]) => `${key}: ${quotedScalar(value)}`)
    .join(', ')} }`;
}

export const sequence = (items: readonly string[]) => `[${items.map(quotedScalar).join(', ')}]`;

/** A text as a YAML scalar, without quotes if YAML reads it as the same text. */
export function scalar(text: string): string {
  return /^[A-Za-z_./][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n|~|\.(inf|nan))$/i.test(text)
    ? text
    : quotedScalar(text);
}

/** A value that was typed in a shell. If the value is valid YAML, it is written unchanged. If YAML would refuse the text (`,`, `%d-%m-%Y`) or read it as another value, the text is quoted. */
export function typedValue(text: string): string {
  const document = parseDocument(`key: ${text}`);
  const node = isMap(document.contents) ? document.contents.items[0]?.value : undefined;
  if (document.errors.length > 0 || node === undefined) return JSON.stringify(text);
  const isWritten = isScalar(node) ? node.type !== 'PLAIN' || node.source === text : isMap(node) || isSeq(node);
  return isWritten && text !== '' && !/^[|>]/.test(text) ? text : JSON.stringify(text);
}

/** A text as a JSON text, which is also valid YAML. A `${` in the text is not a variable. */
export function quotedScalar(text: string): string {
  return JSON.stringify(text).replaceAll('${', () => '$${');
}
