/** Makes text from outside (names, values, messages of other systems) safe to show: the safe text cannot move the cursor, change colours, reorder text, or look like another line. */

// Control characters, line and paragraph separators, direction overrides, zero-width marks, unpaired surrogates.
const unsafe = /[\p{Cc}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\p{Cs}]/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCharacter(character: string): string {
  const known = short[character];
  if (known !== undefined) return known;
  const code = character.codePointAt(0) ?? 0;
  return code > 0xff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\x${code.toString(16).padStart(2, '0')}`;
}

/** One line of text, with every unprintable character escaped. */
export function visible(text: string): string {
  return text.replace(unsafe, escapeCharacter);
}

/** Several lines: line ends are kept, other unprintable characters are escaped. */
export function visibleLines(text: string): readonly string[] {
  return text.split(/\r?\n/).map(visible);
}

const plainName = /^[\p{L}\p{N}_][\p{L}\p{N}\p{M} _.\-/]*$/u;

/** A name, in quotes with escapes if a character could be misread, otherwise unchanged. */
export function shownName(name: string): string {
  if (plainName.test(name) && !name.endsWith(' ')) return name;
  return `"${visible(name.replaceAll('\\', '\\\\').replaceAll('"', '\\"'))}"`;
}

/** `flow.entity`, safe to show. */
export function shownEntity(flow: string, entity: string): string {
  return `${shownName(flow)}.${shownName(entity)}`;
}

/** `flow.entity` as one argument for a shell. */
export function entityArgument(flow: string, entity: string): string {
  const name = `${flow}.${entity}`;
  return /^[\w.@+-]+$/.test(name) ? name : `'${visible(name.replaceAll("'", "'\\''"))}'`;
}
