import { namesSecret } from '../../ports/secret.ts';
import { decodedPart } from '../../ports/values.ts';

/** Finds secrets in the text of FROM or TO, even if the text is malformed. Only the text itself is inspected: a text that is not a valid address may still contain a password. */

const settingKeys = /(^|[?&;\s])\s*([a-z][\w. -]*?)\s*=\s*([^&;#\s]+)/gi;

/** Whether a value is a variable: `${NAME}`. */
const isVariable = (value: string): boolean => /^['"]?\$\{\w+\}['"]?$/.test(value);

function isSecretKey(key: string): boolean {
  const name = key
    .trim()
    .toLowerCase()
    .replaceAll(/[\s.-]/g, '_');
  return namesSecret(name) || /^(pwd|pass|sig|signature|code|key)$|(signature|accountkey|sharedaccesskey|clientsecret)$/.test(name);
}

/** The keys with secret values in `?password=…`, `;Pwd=…` and ` password=…`. @param start whether the text may begin with a key that has a secret value. */
export function secretKeysIn(written: string, start: boolean): readonly string[] {
  return [...written.matchAll(settingKeys)].flatMap(([, before = '', key = '', value = '']) =>
    (before !== '' || start) && isSecretKey(decodedPart(key)) && !isVariable(value) ? [decodedPart(key).trim()] : [],
  );
}

/** Whether the text contains `user:password@`. The colon may be encoded. If the password is a variable, it is not a secret. */
export function hasPassword(written: string): boolean {
  const who = whoIn(written);
  const [, secret] = who === undefined ? [] : (/(?::|%3a)(.*)$/is.exec(who) ?? []);
  return secret !== undefined && secret !== '' && !isVariable(secret);
}

/** The text before the last `@` of an address, without the scheme. */
function whoIn(written: string): string | undefined {
  const rest = written.replace(schemeAndSlashes, '');
  const at = rest.lastIndexOf('@');
  return at < 0 ? undefined : rest.slice(0, at);
}

/** A scheme with its slashes. Only in these schemes the slashes may be missing, because no text of the form `user:password@host` begins with one of these schemes. */
const schemeAndSlashes = /^\s*(?:(?:sqlite|duckdb|file|md|motherduck):[/\\]*|[a-z][a-z0-9+.-]+\s*:?[/\\]{2,}|[/\\]*)/i;

/** The text with `***` in place of each password, key or signature, and of texts that may be one. */
export function withoutCredentials(written: string): string {
  const scheme = schemeAndSlashes.exec(written)?.[0] ?? '';
  const rest = written.slice(scheme.length);
  const at = rest.lastIndexOf('@');
  const who = at < 0 ? '' : rest.slice(0, at);
  const colon = /:|%3a/i.exec(who);
  const kept = colon === null ? who : `${who.slice(0, colon.index)}:***`;
  const behind = at < 0 ? rest : rest.slice(at);
  const masked = `${scheme}${kept}${hasNonNumericPort(behind) ? behind.replace(/:[^/]*/, ':***') : behind}`;
  return masked.replaceAll(settingKeys, (match, _before: string, key: string, value: string) =>
    isSecretKey(decodedPart(key)) && !isVariable(value) ? `${match.slice(0, match.length - value.length)}***` : match,
  );
}

/** Whether the text after the host is something else than a port number. If so, the host may be missing, and the text may be a password. */
export function hasNonNumericPort(address: string): boolean {
  const authority = address.replace(/^@/, '').split(/[/?#\\]/)[0] ?? '';
  return authority.split(',').some((one) => /^[^[\]:]+:(?!\d{0,5}$)/.test(one) && !isVariable(one.slice(one.indexOf(':') + 1)));
}
