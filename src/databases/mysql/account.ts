/** Finds the account of a session and its rights. */
import { literally, matchesPattern, oneCharacter, type Piece } from '../../workspace/wildcards.ts';
import type { Row, Session } from '../engine.ts';
import { allOfDatabase, quoteName, quotePlainly } from './dialect.ts';

export interface Account {
  /** The account in messages: `loader@%`. */
  readonly shown: string;
  /** The account in the form for `GRANT … TO`. */
  readonly to: string;
}

export async function accountOf(session: Session): Promise<Account> {
  const [row] = await session.query('select current_user() as account');
  return accountIn(row);
}

function accountIn(row: Row | undefined): Account {
  const shown = row?.account ?? '';
  const at = shown.lastIndexOf('@');
  return { shown, to: `${quotePlainly(shown.slice(0, at))}@${quotePlainly(shown.slice(at + 1))}` };
}

/** What a right applies to: the whole server, a database, or one table of a database. */
export type Securable = 'everything' | { readonly schema: string; readonly name: string | null };

export interface Rights extends Account {
  /** Whether the account has a right. @param right for example `CREATE TEMPORARY TABLES` */
  may(right: string, on: Securable): boolean;
  /** The name of a database for the next `GRANT` on all its tables. If an existing grant has the name without backslashes, that spelling is used. If grants existed in two spellings, the server would read only one of them. */
  allOf(schema: string): string;
}

const part = '`(?:[^`]|``)*`|"(?:[^"]|"")*"|[^.\\s`"]+';
const line = new RegExp(`^(GRANT|REVOKE) (.+?) ON (?:TABLE )?(${part})\\.(${part}) (?:TO|FROM) `, 's');

/** Queries the rights that the server lists for the account, its active role, roles within that role, and everyone. */
export async function rightsOf(session: Session): Promise<Rights> {
  const [who] = await session.query('select current_user() as account');
  const lists = (await session.query('show grants')).flatMap((row) => {
    const [, word, rights = '', schema = '', name = ''] = line.exec(Object.values(row)[0] ?? '') ?? [];
    return word === undefined ? [] : [{ isTaken: word === 'REVOKE', rights: wholeRights(rights), schema: bare(schema), name: bare(name) }];
  });
  const has = (right: string, { rights }: { readonly rights: readonly string[] }) =>
    rights.includes(right) || rights.includes('ALL PRIVILEGES');
  const isGiven = (database: string) => lists.some((one) => !one.isTaken && `${quoteName(one.schema)}.${one.name}` === database);
  return {
    ...accountIn(who),
    allOf(schema) {
      const [exact, plain] = [allOfDatabase(schema), `${quoteName(schema)}.*`];
      return isGiven(plain) && !isGiven(exact) ? plain : exact;
    },
    may(right, on) {
      const of = lists.filter((one) => has(right, one));
      const isEverywhere = of.some(({ schema, isTaken }) => schema === '*' && !isTaken);
      if (on === 'everything') return isEverywhere && !of.some(({ isTaken }) => isTaken);
      const here = of.filter((one) => one.name === '*' && one.schema !== '*' && isLike(on.schema, one.schema));
      if (here.some(({ isTaken }) => !isTaken)) return true;
      if (isEverywhere && here.length === 0) return true;
      return on.name !== null && of.some((one) => !one.isTaken && same(one.schema, on.schema) && same(one.name, on.name ?? ''));
    },
  };
}

/** The rights in a grant that apply to whole tables. Rights on some columns are left out. */
function wholeRights(text: string): readonly string[] {
  const plain = text.replace(/`(?:[^`]|``)*`|"(?:[^"]|"")*"/g, '').replace(/[A-Z ]+\([^)]*\)/g, '');
  return plain.split(',').map((right) => right.trim());
}

const bare = (quoted: string): string =>
  /^[`"]/.test(quoted) ? quoted.slice(1, -1).replaceAll(quoted.slice(0, 1).repeat(2), quoted.slice(0, 1)) : quoted;

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Whether a name matches the pattern of a grant on databases, which works like LIKE. */
function isLike(name: string, pattern: string): boolean {
  const pieces = [...pattern.matchAll(/\\(.)|([%_])|(.)/gsu)].map(
    ([, escaped, wild, plain = '']): Piece =>
      wild === undefined ? literally(escaped ?? plain, 'iu') : wild === '%' ? 'any' : oneCharacter('iu'),
  );
  return matchesPattern(pieces, name);
}
