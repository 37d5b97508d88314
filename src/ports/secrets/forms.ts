/** The forms in which systems repeat a secret: as it is, in an address, in JSON, in HTML, in base64. Each is the source of a regular expression. */

const named: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };
const escapes: Readonly<Record<string, string>> = { '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' };

/** A base64 text of fewer characters stands for a part of the secret that may be in any text. */
const shortestInBase64 = 8;

/** @param secret at least eight characters, so that no form is short. The expressions ignore case: addresses are put in lower case here and there. */
export function formsOf(secret: string): readonly string[] {
  return [[...secret].map(characterForms).join(''), ...base64Forms(secret)];
}

function characterForms(character: string): string {
  if (/^[a-z0-9]$/i.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  const bytes = [...Buffer.from(character)].map((byte) => `%(?:25)*${byte.toString(16).padStart(2, '0')}`).join('');
  const units = Array.from(
    { length: character.length },
    (_, at) => String.raw`\\+u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
  const forms = [
    // Shells, SQL and YAML write a quote inside of quotes in these ways.
    ...(character === "'" ? [String.raw`'\\+''`] : []),
    ...(/^["']$/.test(character) ? [character + character] : []),
    // JSON in JSON has more than one of them.
    /^["'\\/]$/.test(character) ? String.raw`\\*${escaped(character)}` : escaped(character),
    bytes,
    units,
    `&#(?:${code}|x0*${code.toString(16)});`,
  ];
  const name = named[character];
  const short = escapes[character];
  if (name !== undefined) forms.push(`&${name};`);
  if (short !== undefined) forms.push(String.raw`\\+${short}`);
  if (character === ' ') forms.push(String.raw`\+`);
  return `(?:${forms.join('|')})`;
}

function escaped(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/-]/, String.raw`\$&`);
}

/** In base64 three texts stand for a secret inside of a longer one: its first byte can be at each of three places of a group. */
function base64Forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // The characters at both ends belong to the neighbours as well.
    const own = whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return own.length < shortestInBase64
      ? []
      : [own.replaceAll(/[+/]/g, (sign) => (sign === '+' ? '(?:[+-]|%2b)' : String.raw`(?:\\*\/|_|%2f)`))];
  });
}
