/** The URL of a database whose password ends it early: what follows would be taken for a path, and shown. */
import { type Problems, quoted } from '../yaml/problems.ts';
import type { Scalar } from '../yaml/tree.ts';

const databaseUrl = /^\s*((?:jdbc:)?(?:postgres(?:ql)?|mysql|mariadb|sqlserver|mssql):\/\/)(.*)$/is;

/** The characters of the password that end it; undefined: it is whole, or the text is no URL of a database. */
export function endingOf(written: string): readonly string[] | undefined {
  const [, , rest = ''] = databaseUrl.exec(written) ?? [];
  const authority = /^[^/?#]*/.exec(rest)?.[0] ?? '';
  const hosts = authority.replace(/\[[^\]]*\]/g, '');
  if (authority.includes('@') || !rest.slice(authority.length).includes('@') || !/:(?!\d{1,5}(?:,|$))/.test(hosts)) return undefined;
  const password = rest.slice(authority.indexOf(':') + 1, rest.lastIndexOf('@'));
  return ['/', '?', '#'].filter((sign) => password.includes(sign));
}

/** The scalar without its URL, and why it can't be used; the same scalar, if nothing is wrong with it. @param key that it is the value of. */
export function withWholePassword(scalar: Scalar, key: string, problems: Problems): Scalar {
  const signs = endingOf(scalar.text);
  if (signs === undefined) return scalar;
  const [variable] = /(?<!\$)\$\{\w+/.exec(scalar.shown) ?? [];
  const name = variable?.slice(2);
  const each = signs.map((sign) => `${encodeURIComponent(sign)} in place of ${sign}`).join(', ');
  problems.add({
    code: 'HYG-1140',
    what: `The password in the URL of ${quoted(key)} ends at a ${signs.map((sign) => quoted(sign)).join(' or a ')}: the rest of it would be taken for the name of a database.`,
    why: [
      'Between `//` and the first `/`, `?` or `#` of a URL there is no `@`, and one follows later. In a URL those characters are percent-encoded.',
    ],
    tryThis: [
      `Encode the password ${name === undefined ? 'in the file' : `in the value of ${name}`}: write ${each}`,
      `Or let Node encode it: node -p "encodeURIComponent('<password>')"`,
    ],
    spot: scalar.spot,
    hideFrom: scalar.spot.offset,
  });
  const [, scheme = ''] = databaseUrl.exec(scalar.text) ?? [];
  return { ...scalar, value: scheme, text: scheme, shown: name === undefined ? scheme : scalar.shown, isUnset: true };
}
