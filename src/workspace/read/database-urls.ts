/** Finds a database URL whose password has a character that ends the password too early. The rest of the password would be read as a path, and shown. */
import { type Problems, quoted } from '../yaml/problems.ts';
import type { Scalar } from '../yaml/tree.ts';

const databaseUrl = /^\s*((?:jdbc:)?(?:postgres(?:ql)?|mysql|mariadb|sqlserver|mssql):\/\/)(.*)$/is;

/** The characters that end the password too early; empty: the password can’t be distinguished from a port. Undefined: the URL is complete, or the text is not a URL of a database. */
export function endingOf(written: string): readonly string[] | undefined {
  const [, , rest = ''] = databaseUrl.exec(written) ?? [];
  const authority = /^[^/?#]*/.exec(rest)?.[0] ?? '';
  // A URL with a variable is skipped, because the value of the variable is not known yet.
  if (authority.includes('${')) return undefined;
  const last = authority.lastIndexOf('@');
  if (last !== -1) return authority.indexOf('@') === last ? undefined : ['@'];
  if (!/:(?!\d{1,5}(?:,|$))/.test(authority.replace(/\[[^\]]*\]/g, ''))) return undefined;
  const password = rest.slice(authority.indexOf(':') + 1, rest.lastIndexOf('@') + 1);
  return ['/', '?', '#'].filter((sign) => password.includes(sign));
}

/** The scalar without its URL, and the reason why the URL can’t be used. A valid scalar is returned unchanged. @param key the key of the scalar. */
export function withWholePassword(scalar: Scalar, key: string, problems: Problems): Scalar {
  const signs = endingOf(scalar.text);
  if (signs === undefined) return scalar;
  const [variable] = /(?<!\$)\$\{\w+/.exec(scalar.shown) ?? [];
  const name = variable?.slice(2);
  const [what, why] = flaw(signs, quoted(key));
  const each = signs.map((sign) => `${encodeURIComponent(sign)} in place of ${sign}`).join(', ');
  const held = name === undefined ? 'in the file' : `in the value of ${name}`;
  problems.add({
    code: 'HYG-1140',
    what,
    why: [why],
    tryThis:
      signs.length === 0
        ? [`Write the host ${held} as well: postgres://user:password@host:5432/database`]
        : [`Encode the password ${held}: write ${each}`, `Or let Node encode it: node -p "encodeURIComponent('<password>')"`],
    spot: scalar.spot,
    hideFrom: scalar.spot.offset,
  });
  const [, scheme = ''] = databaseUrl.exec(scalar.text) ?? [];
  return { ...scalar, value: scheme, text: scheme, shown: name === undefined ? scheme : scalar.shown, isUnset: true };
}

function flaw(signs: readonly string[], key: string): readonly [what: string, why: string] {
  if (signs.length === 0)
    return [
      `The URL of ${key} has no \`@\`, and no port number after its \`:\`.`,
      'The part after the `:` would be read as the address of a host, and shown.',
    ];
  if (signs.includes('@'))
    return [
      `The user or the password in the URL of ${key} ends at a \`@\`: the rest would be read as the host.`,
      'A URL has one `@`, before its host. In a user or a password, `@` is percent-encoded.',
    ];
  return [
    `The password in the URL of ${key} ends at a ${signs.map((sign) => quoted(sign)).join(' or a ')}: the rest would be read as the name of a database.`,
    'The URL has no `@` between `//` and the first `/`, `?` or `#`, but has one later. In a URL, those characters are percent-encoded.',
  ];
}
