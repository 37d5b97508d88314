/** Writes Bicep as people do: values, names and comments. */

/** Text that is already Bicep: `location`, `crm.id`. */
export class RawExpression {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export const expression = (text: string): RawExpression => new RawExpression(text);

export type Value = string | number | boolean | null | RawExpression | readonly Value[] | { readonly [key: string]: Value };

/** A value as Bicep. Its further lines are indented by `depth` steps of two spaces. */
export function toBicep(value: Value, depth = 0): string {
  if (value instanceof RawExpression) return value.text;
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value !== 'object') return String(value);
  const inner = '  '.repeat(depth + 1);
  const end = '  '.repeat(depth);
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((one: Value) => `${inner}${toBicep(one, depth + 1)}\n`).join('')}${end}]`;
  }
  const entries = Object.entries(value as { readonly [key: string]: Value });
  if (entries.length === 0) return '{}';
  return `{\n${entries.map(([key, one]) => `${inner}${keyText(key)}: ${toBicep(one, depth + 1)}\n`).join('')}${end}}`;
}

function quoted(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('${', '\\${')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return `'${escaped}'`;
}

function keyText(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : quoted(key);
}

/** A name that is unique in the file: letters, digits and `_`, a letter first. @param taken the names in use, to which the new name is added. */
export function symbol(wish: string, taken: Set<string>): string {
  const plain = wish
    .replaceAll(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => (next ?? '').toUpperCase())
    .replace(/^(?=[^A-Za-z]|$)/, 'a')
    .slice(0, 80);
  let name = plain;
  for (let nth = 2; taken.has(name.toLowerCase()); nth++) name = `${plain}${nth}`;
  taken.add(name.toLowerCase());
  return name;
}

/** The text on one line, even if a name contains line breaks. */
export function comment(text: string): string {
  return `// ${text.replaceAll(/\s+/g, ' ')}`;
}
