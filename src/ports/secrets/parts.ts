/** Finds the secret parts of a variable's value: the password of an address, the key of a connection string, the lines of a private key. */
import { namesSecret } from '../secret.ts';
import { decodedPart } from '../values.ts';

/** The shortest length of a whole value that counts as a secret. Secret parts may have any length. */
export function secretPartsOf(value: string): readonly string[] {
  const found = [
    value,
    ...credentialsIn(value),
    ...linesOf(value),
    ...membersOf(value),
    ...segmentsOf(value),
    ...decodedCredentialsOf(value),
    ...behindScheme(value),
  ];
  return [...new Set(found.flatMap(plainForms))];
}

/** The passwords, keys and signatures of an address or a connection string; empty: the text has no secret part. */
export function credentialsIn(value: string): readonly string[] {
  return [...passwordsIn(value), ...settingsIn(value)].flatMap(plainForms);
}

/** The value, and its decoded form if the value was encoded for an address or written on one line. */
function plainForms(value: string): readonly string[] {
  const forms = [value, value.trim()];
  if (value.includes('%')) forms.push(decodedPart(value));
  if (value.includes('\\n')) forms.push(value.replaceAll('\\n', '\n'), ...linesOf(value.replaceAll('\\n', '\n')));
  return forms;
}

/**
 * A password may contain an `@`. In a URL, the first `@` ends the password, although the last `@` may be the intended end. So the text between the first
 * and the last `@` is secret too, although it would be read as an address.
 */
function passwordsIn(value: string): readonly string[] {
  const [, authority = ''] = /^\s*[a-z][\w+.-]*:\/\/(.*)$/is.exec(value) ?? [];
  const colon = authority.indexOf(':');
  if (colon === -1) return [];
  const ends = [authority.indexOf('@'), authority.lastIndexOf('@')] as const;
  if (ends[1] === -1)
    return databaseScheme.test(value) && !/^:\d{1,5}(?:[,/?#]|$)/.test(authority.slice(colon)) ? [authority.slice(colon + 1)] : [];
  return [
    ...ends.flatMap((end) => (end <= colon ? [] : [authority.slice(colon + 1, end)])),
    ...authority.slice(Math.max(colon, ends[0]) + 1, ends[1]).split('@'),
  ];
}

const databaseScheme = /^\s*(?:jdbc:)?(?:postgres(?:ql)?|mysql|mariadb|sqlserver|mssql):/i;

const setting = /(?:^|[?&;\s])\s*([a-z][\w .-]*?)\s*=\s*("[^"]*"|'[^']*'|[^&;#\s]+)/gi;

/** Secret values after a name: `?password=…`, `;AccountKey=…`, `password=…`. */
function settingsIn(value: string): readonly string[] {
  return [...value.matchAll(setting)].flatMap(([, key = '', text = '']) =>
    namesSecretSetting(key) ? [text.replace(/^(["'])(.*)\1$/s, '$2')] : [],
  );
}

function namesSecretSetting(key: string): boolean {
  const name = decodedPart(key)
    .trim()
    .replaceAll(/[\s.-]/g, '_');
  return namesSecret(name) || /^(pwd|pass|sig|signature|code|key)$|(signature|accountkey|sharedaccesskey|clientsecret)$/i.test(name);
}

/** The shortest line of a key that counts as secret. Shorter lines may occur in any text. */
const shortestLine = 32;

/** Each line of a private key is secret, because a log may contain a single line. */
function linesOf(value: string): readonly string[] {
  if (!value.includes('\n')) return [];
  return value.split(/\r?\n/).filter((line) => line.length >= shortestLine && !line.startsWith('-----'));
}

/** The secrets in the JSON of an account. */
function membersOf(value: string): readonly string[] {
  if (!/^\s*\{/.test(value)) return [];
  try {
    return secretMembers(JSON.parse(value));
  } catch {
    return [];
  }
}

function secretMembers(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    if (typeof member === 'string') return namesSecret(name) ? [member, ...linesOf(member)] : [];
    return secretMembers(member);
  });
}

/** The secret part of a webhook’s address is its path. */
function segmentsOf(value: string): readonly string[] {
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) return [];
  return new URL(value).pathname.split('/').filter((segment) => segment.length >= 16 && /\d/.test(segment) && /[a-z]/i.test(segment));
}

/** `user:password` in base64, as the header `Authorization` has it. */
function decodedCredentialsOf(value: string): readonly string[] {
  const [, written = ''] = /^(?:Basic\s+)?([A-Za-z0-9+/]{12,}={0,2})$/i.exec(value.trim()) ?? [];
  if (written.length % 4 !== 0) return [];
  const text = Buffer.from(written, 'base64').toString('utf8');
  if (text === '' || !/^[\x20-\x7e]+$/.test(text)) return [];
  const colon = text.indexOf(':');
  return colon === -1 ? [text] : [text, text.slice(colon + 1)];
}

/** In the header `Authorization`, the credential follows a word: `Token …`. */
function behindScheme(value: string): readonly string[] {
  return /^\s*[A-Za-z][\w-]*\s+(\S+)\s*$/.exec(value)?.slice(1) ?? [];
}
